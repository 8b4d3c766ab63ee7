import fc from "fast-check";
import type { Sandbox } from "../sandbox/run.ts";
import { checkHost, showHost } from "./check.ts";
import { anyHost } from "./generate.ts";

/**
 * Decides about generated hosts, and looks for the smallest on which the program and the oracle differ.
 *
 * @returns the counterexample as text, or nothing where all agree
 */
export async function searchHosts(
  sandbox: Sandbox,
  runs: number,
  seed: number,
): Promise<string | undefined> {
  const property = fc.asyncProperty(anyHost, async (host) => {
    await checkHost(sandbox, host);
  });
  const details = await fc.check(property, { numRuns: runs, seed });
  if (!details.failed) return undefined;
  const [host] = details.counterexample ?? [];
  const error = details.errorInstance;
  return [
    `seed ${seed}, path ${details.counterexamplePath}, after ${details.numRuns} hosts`,
    error instanceof Error ? error.message : String(error),
    host === undefined ? "" : `\nthe host:\n${showHost(host)}`,
  ].join("\n");
}
