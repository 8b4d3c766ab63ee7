import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireRoot, requireTool } from "../support/require.ts";
import { Sandbox } from "./run.ts";
import { searchHosts } from "./search.ts";

/** `SEED` repeats a search. */
const RUNS = Number(process.env["HOSTS"] ?? 250);
/** CI looks at the same hosts each time, so that a red run is about the change; `npm run test:soak` looks at others. */
const SEED = Number(process.env["SEED"] ?? (process.env["CI"] === "true" ? 1 : randomInt(2 ** 31)));

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
