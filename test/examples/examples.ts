import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporary } from "../cli/support/temporary.ts";
import { type Overrides, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";

/** The folder examples/: a flake, and its hosts. */
export const EXAMPLES_DIRECTORY = fileURLToPath(new URL("../../examples", import.meta.url));

/** The hosts that have a page, in the order of their names. */
export const HOSTS = ["disabled", "imperative", "one-host", "removed-module", "state-elsewhere"];

/** The stand-ins for the inputs of the flake. */
export function overrides(): Overrides {
  return { ...STANDIN, "microvm-sweep": ourFlake() };
}

/** A change to one file of a copy, which must have an effect. */
export interface Edit {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

export function edit(directory: string, { file, from, to }: Edit): void {
  const path = join(directory, file);
  const before = readFileSync(path, "utf8");
  const after = before.replace(from, () => to);
  if (after === before) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, after);
}

/** A copy of the examples, without the template, that lives as long as the test. */
export function copyExamples(...edits: readonly Edit[]): string {
  const directory = join(temporary(), "examples");
  const filter = (path: string) => !path.endsWith("/examples/live");
  cpSync(EXAMPLES_DIRECTORY, directory, { recursive: true, filter });
  for (const one of edits) edit(directory, one);
  return directory;
}
