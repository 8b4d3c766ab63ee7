import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireNamespaces, Sandbox } from "../sandbox/run.ts";
import { searchHosts } from "./search.ts";

/** `SEED` repeats a search. */
const RUNS = Number(process.env["HOSTS"] ?? 200);
/** CI looks at the same hosts each time, so that a red run is about the change; `npm run test:soak` looks at others. */
const SEED = Number(process.env["SEED"] ?? (process.env["CI"] === "true" ? 1 : randomInt(2 ** 31)));

let sandbox: Sandbox;

describe.skipIf(requireNamespaces())(`${RUNS} hosts`, () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.close());

  it("are decided as the oracle says, in a switch and in a plan", async () => {
    expect(await searchHosts(sandbox, RUNS, SEED)).toBeUndefined();
  }, 3_600_000);
});
