import type { Case } from "./cases.ts";
import type { EvaluatedModule } from "./evaluateModules.ts";

/** How a comment or a message shows a text: without what could end a line, or cannot be in a file. */
export function shown(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The message of the guard up to the command, in a configuration that the module was made for. */
export function expectedMessage({ hostName, vms, autostart, stateDir }: Case["program"]): string {
  const line = (what: string, value: string) =>
    `microvm.${what}: generated for ${value}; declared now ${value}\n`;
  const listed = (names: readonly string[]) => (names.length === 0 ? "none" : names.join(", "));
  return [
    `The file that microvm-sweep generated for ${shown(hostName)} is out of date.\n`,
    line("vms", listed(vms)),
    line("autostart", listed(autostart)),
    line("stateDir", stateDir),
    "To make it again, run: ",
  ].join("");
}

/** The message of the guard. */
export function messageOf({ parts }: EvaluatedModule): string {
  const { assertions } = parts[0] as { assertions: { message: string }[] };
  return assertions[0]?.message ?? "";
}

/** A module without its texts: what is left is equal for all modules that differ in texts alone. */
export function shapeOf({ parts }: EvaluatedModule): string {
  const texts = ["message", "text", "script"];
  return JSON.stringify(parts, (key, value) => (texts.includes(key) ? "…" : value));
}

/** The script at each place where the module has it. */
export function scriptsOf({ parts }: EvaluatedModule): string[] {
  const scripts: string[] = [];
  JSON.stringify(parts, (key, value) => {
    if (key === "text" || key === "script") scripts.push(value);
    return value;
  });
  return scripts;
}
