import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { emitScript } from "../../src/emit/emitScript.ts";
import { allPolicies, program } from "../support/programs.ts";

const target = { systemctl: "/bin/false" };
const scripts = () => allPolicies().map((policy) => emitScript(program(policy), target));

/** The names that a pattern's first group finds; `_` is Bash's own. */
function namesOf(script: string, pattern: RegExp): string[] {
  return [...script.matchAll(pattern)]
    .flatMap((match) => (match[1] ?? "").split(/\s+/))
    .filter((name) => /^[a-z]\w*$/.test(name));
}

/** What `local` declares, without the values. */
function localsOf(script: string): string[] {
  const values = /"[^"]*"|'[^']*'|\$\{[^}]*\}|\([^)]*\)/g;
  return namesOf(script.replace(values, ""), /\blocal ([^;\n]*)/g)
    .concat(namesOf(script, /\blocal ([a-z_]\w*)/g))
    .map((name) => name.replace(/=.*/, ""));
}

/** Every variable that a script gives a value or declares, but for Bash's and the environment's. */
function variablesOf(text: string): Set<string> {
  const script = text.replace(/^\s*#.*$/gm, "");
  return new Set([
    ...localsOf(script),
    ...namesOf(script, /(?:^|[\s;({&|])([a-z_]\w*)(?:\[[^\]\n]*\])?\+?=(?!=)/gm),
    ...namesOf(script, /\bfor (\w+) in/g),
    ...namesOf(script, /\bread -ra? ([\w ]+)/g),
    ...namesOf(script, /\b(?:mapfile -t|printf -v) (\w+)/g),
  ]);
}

/** The names that a script frees before it uses any. */
function freedBy(script: string): string[] {
  const list = /^set -- ((?:\w+\s+(?:\\\n\s*)?)+)if ! unset -n "\$@"/m.exec(script)?.[1] ?? "";
  return list.split(/[\s\\]+/).filter(Boolean);
}

describe("the variables of the emitted script", () => {
  it("are all freed of what the surroundings made of them", () => {
    const used = new Set(scripts().flatMap((script) => [...variablesOf(script)]));
    expect(used.size).toBeGreaterThan(100);
    const freed = freedBy(scripts()[0] ?? "");
    expect(freed).toEqual([...used].sort());
  });

  it.each(["systemctl", "name", "point", "TZ", "IFS", "LC_ALL", "SYSTEMD_COLORS"])(
    "end the run where %s is read-only",
    (name) => {
      const script = emitScript(program(), target);
      const { stdout, stderr, status } = spawnSync(
        "bash",
        ["-c", `readonly ${name}=x\n${script}`],
        {
          encoding: "utf8",
        },
      );
      expect(stdout).toBe("");
      expect(stderr).toContain(`${name}: cannot unset`);
      expect(stderr).toMatch(/^microvm-sweep: error: .*read-only.*nothing is stopped or removed$/m);
      expect(status).toBe(1);
    },
  );
});
