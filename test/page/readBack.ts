import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MAX_OUTPUT = 1 << 29;

/** Hands a file with `text` to a function, and removes it. */
export function withFile<T>(name: string, text: string, use: (file: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "microvm-sweep-"));
  try {
    const file = join(directory, name);
    writeFileSync(file, text);
    return use(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What Nix evaluates an expression to, as JSON. */
export function evaluate(expression: string): unknown {
  return withFile("value.nix", expression, (file) => {
    const { status, stdout, stderr } = spawnSync(
      "nix-instantiate",
      ["--eval", "--strict", "--json", file],
      {
        encoding: "utf8",
        maxBuffer: MAX_OUTPUT,
      },
    );
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  });
}

/** What a Bash script prints, split at NUL. */
export function runBash(script: string, env: NodeJS.ProcessEnv = {}): string[] {
  return withFile("script.bash", script, (file) => {
    const { status, stdout, stderr } = spawnSync("bash", ["--norc", file], {
      maxBuffer: MAX_OUTPUT,
      env: { PATH: process.env["PATH"], ...env },
    });
    if (status !== 0) throw new Error(stderr.toString());
    return stdout.toString("utf8").split("\0").slice(0, -1);
  });
}

/** The first text that did not come back, so that a failure shows one case and not thousands. */
export function firstDifference(given: readonly string[], found: readonly unknown[]): unknown {
  const index = given.findIndex((text, i) => text !== found[i]);
  if (index < 0) return found.length === given.length ? undefined : { count: found.length };
  return { given: JSON.stringify(given[index]), found: JSON.stringify(found[index]) };
}
