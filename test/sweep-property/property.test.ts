import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { requireRoot, requireTool } from "../support/require.ts";
import { checkHost } from "./check.ts";
import { anyHost } from "./generate.ts";
import { Sandbox, SHELLS } from "./run.ts";

/** Hosts that are tried; thousands of them on request. */
const RUNS = Number(process.env["SWEEP_RUNS"] ?? 250);

let sandbox: Sandbox;

describe.skipIf(requireRoot() ?? requireTool("unshare"))(`${RUNS} hosts`, () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox.remove());

  it("are swept as the oracle says: dry, for real, and again", () => {
    fc.assert(
      fc.property(anyHost, fc.constantFrom(...SHELLS), (host, shell) => {
        checkHost(sandbox, shell, host);
      }),
      { numRuns: RUNS, verbose: 0 },
    );
  }, 600_000);
});
