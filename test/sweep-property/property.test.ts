import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DescribedHost, GENERATION } from "../oracle/host.ts";
import { oracle } from "../oracle/oracle.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { expectedCalls, expectedView, observedView, showHost } from "./compare.ts";
import { anyHost } from "./generate.ts";
import { Sandbox } from "./run.ts";

/** Hosts that are tried; thousands of them on request. */
const RUNS = Number(process.env["SWEEP_RUNS"] ?? 250);

let sandbox: Sandbox;

function checkDry(host: DescribedHost): void {
  const dry = { ...host, dry: true };
  const observed = sandbox.run(dry);
  expect(observedView(observed, dry), showHost(dry)).toEqual(expectedView(oracle(dry)));
  expect(observed.log).toEqual([]);
  expect(observed.units).toEqual(host.units);
}

function checkReal(host: DescribedHost): DescribedHost {
  const expected = oracle(host);
  const observed = sandbox.run(host);
  expect(observedView(observed, host), showHost(host)).toEqual(expectedView(expected));
  expect([...observed.log].sort(), showHost(host)).toEqual(expectedCalls(expected));
  return { ...host, tree: observed.tree, units: observed.units };
}

/** The second run: nothing is left to do, unless the first was told of a failure. */
function checkSecond(host: DescribedHost): void {
  const expected = oracle(host);
  if (!expected.failed) expect(sandbox.run(host).stdout, showHost(host)).toBe("");
  checkReal(host);
}

describe.skipIf(requireRoot() ?? requireTool("unshare"))(`${RUNS} hosts`, () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox.remove());

  it("are swept as the oracle says: dry, for real, and again", () => {
    fc.assert(
      fc.property(anyHost, (host) => {
        checkDry(host);
        const after = checkReal(host);
        // What an activation does last; at boot it has no systemd to ask, and the next run is a switch.
        const tree = after.tree.copy().link("/run/current-system", GENERATION);
        if (host.systemd === "running") checkSecond({ ...after, tree });
      }),
      { numRuns: RUNS, verbose: 0 },
    );
  }, 600_000);
});
