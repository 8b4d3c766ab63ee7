import fc from "fast-check";
import { checkHost } from "./check.ts";
import { showHost } from "./compare.ts";
import { anyHost } from "./generate.ts";
import type { Sandbox } from "./run.ts";

/**
 * Sweeps generated hosts, and looks for the smallest on which the program and the oracle differ.
 *
 * @returns the counterexample as text, or nothing where all agree
 */
export function searchHosts(sandbox: Sandbox, runs: number, seed: number): string | undefined {
  const property = fc.property(anyHost, (host) => {
    checkHost(sandbox, host);
  });
  const details = fc.check(property, { numRuns: runs, seed });
  if (!details.failed) return undefined;
  const [host] = details.counterexample ?? [];
  const error = details.errorInstance;
  return [
    `seed ${seed}, path ${details.counterexamplePath}, after ${details.numRuns} hosts`,
    error instanceof Error ? error.message : String(error),
    host === undefined ? "" : `\nthe host before the first run:\n${showHost(host)}`,
  ].join("\n");
}
