import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireRoot, requireTool } from "../support/require.ts";
import { Sandbox } from "./run.ts";
import { searchHosts } from "./search.ts";

/** `SEED` repeats a search. */
const RUNS = Number(process.env["HOSTS"] ?? 250);
const SEED = Number(process.env["SEED"] ?? randomInt(2 ** 31));

let sandbox: Sandbox;

describe.skipIf(requireRoot() ?? requireTool("unshare"))(`${RUNS} hosts`, () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.remove());

  it("are swept as the oracle says: in a plan, dry, for real, and again", () => {
    expect(searchHosts(sandbox, RUNS, SEED)).toBeUndefined();
  }, 3_600_000);
});
