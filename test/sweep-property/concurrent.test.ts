import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DescribedHost, GENERATION } from "../oracle/host.ts";
import { type Expected, oracle } from "../oracle/oracle.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { comparable, expectedCalls, showHost } from "./compare.ts";
import { anyHost } from "./generate.ts";
import { Sandbox } from "./run.ts";

const PAIRS = 20;

/** A host on which a run has something to do, and nothing fails. */
const busyHost = anyHost.filter((host) => {
  const { stopped, isOpen } = oracle(host);
  return host.systemd === "running" && stopped.length > 0 && !isOpen;
});

/** The host as the first of two runs leaves it. */
function afterRun(host: DescribedHost, { tree, units }: Expected): DescribedHost {
  return { ...host, tree, units };
}

let sandbox: Sandbox;

describe.skipIf(requireRoot() ?? requireTool("unshare"))(`${PAIRS} pairs of runs at once`, () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.remove());

  it.each(
    fc.sample(busyHost, { numRuns: PAIRS, seed: 7 }).map((host, index) => [index, host] as const),
  )("end as two runs in turn do: pair %i", async (_index, host) => {
    const first = oracle(host);
    const second = oracle(afterRun(host, first));
    sandbox.layOut(host);
    const runs = await sandbox.runTwice(host, "activate", GENERATION, host.action);
    const shown = `${showHost(host)}\n${runs.map(({ stderr }) => stderr).join("\n")}`;
    expect(
      runs.map(({ status }) => status),
      shown,
    ).toEqual([0, 0]);
    expect(runs.map(({ stderr }) => stderr).join(""), shown).not.toContain("error");
    const stops = runs.filter(({ stdout }) => stdout.includes("stopping orphaned MicroVMs"));
    expect(stops, shown).toHaveLength(1);
    expect([...runs[0].log].sort(), shown).toEqual(
      [...expectedCalls(first), ...expectedCalls(second)].sort(),
    );
    expect(comparable(runs[0].tree), shown).toEqual(comparable(second.tree));
  });
});
