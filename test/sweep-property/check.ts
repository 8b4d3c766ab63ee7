import { expect } from "vitest";
import { type DescribedHost, GENERATION } from "../oracle/host.ts";
import { oracle } from "../oracle/oracle.ts";
import { expectedCalls, expectedView, observedView, showHost } from "./compare.ts";
import type { Observed, Sandbox, Shell } from "./run.ts";

function checkDry(sandbox: Sandbox, shell: Shell, host: DescribedHost): void {
  const dry = { ...host, dry: true };
  const observed = sandbox.run(dry, shell);
  expect(observedView(observed, dry), showHost(dry)).toEqual(expectedView(oracle(dry)));
  expect(observed.log).toEqual([]);
  expect(observed.units).toEqual(host.units);
}

function checkReal(sandbox: Sandbox, shell: Shell, host: DescribedHost): Observed {
  const expected = oracle(host);
  const observed = sandbox.run(host, shell);
  expect(observedView(observed, host), showHost(host)).toEqual(expectedView(expected));
  expect([...observed.log].sort(), showHost(host)).toEqual(expectedCalls(expected));
  return observed;
}

/** The second run: nothing is left to do, unless the first was told of a failure. */
function checkSecond(sandbox: Sandbox, shell: Shell, host: DescribedHost): void {
  const { stdout } = checkReal(sandbox, shell, host);
  if (!oracle(host).failed) expect(stdout, showHost(host)).toBe("");
}

/**
 * Compares a dry run, a real one and a second one with the oracle.
 *
 * @returns what the real run did
 */
export function checkHost(sandbox: Sandbox, shell: Shell, host: DescribedHost): Observed {
  checkDry(sandbox, shell, host);
  const observed = checkReal(sandbox, shell, host);
  // What an activation does last; at boot it has no systemd to ask, and the next run is a switch.
  const tree = observed.tree.copy().link("/run/current-system", GENERATION);
  if (host.systemd === "running")
    checkSecond(sandbox, shell, { ...host, tree, units: observed.units });
  return observed;
}
