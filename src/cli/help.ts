import type { Examples } from "./commands.ts";

/** On a narrower terminal yargs leaves columns of a few letters. */
const MIN_WIDTH = 40;
/** Longer lines are hard to read. */
const MAX_WIDTH = 100;

/** The width of help: that of the terminal, where standard output is one. */
export function helpWidth(): number {
  return Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, process.stdout.columns || MAX_WIDTH));
}

/**
 * Completes the help that yargs made with examples, each below its purpose. yargs itself would break them to
 * its width, and a command that is broken cannot be copied.
 */
export function helpText(made: string, program: string, examples: Examples): string {
  const lines = Object.entries(examples).flatMap(([purpose, command]) => [
    `  # ${purpose}`,
    `  ${command.replace("$0", program)}`,
  ]);
  return [separateTypes(made), "", "Examples:", ...lines].join("\n");
}

/** Puts the type of an option on a line below where its description ends just there: yargs leaves no space. */
function separateTypes(help: string): string {
  return help.replaceAll(
    /^(.*\S)(\[(?:boolean|string|array|choices:|default:).*)$/gm,
    (_line, meaning: string, type: string) => `${meaning}\n${" ".repeat(meaning.length)}${type}`,
  );
}
