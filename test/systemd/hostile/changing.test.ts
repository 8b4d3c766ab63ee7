import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Policy } from "../../../src/policy/policy.ts";
import { requireContainer, requireTool } from "../../support/require.ts";
import { Container, type Result } from "../container.ts";
import { SUITES } from "../root.ts";
import { breakScript, FOLLOWING, RACING } from "./broken.ts";
import { HostileHost } from "./hostileHost.ts";
import { SWAPPED, Swapper } from "./swapper.ts";
import { SECRET, VICTIM } from "./victim.ts";

const needs = requireContainer(SUITES.oldest) ?? requireTool("inotifywait");

/** Each with eight VMs that are swapped. */
const ROUNDS = 12;
const MOST_ROUNDS = 60;

describe.skipIf(needs)("a state directory that changes during the run", () => {
  let container: Container;
  let hostile: HostileHost;
  let swapper: Swapper;
  beforeAll(async () => {
    container = await Container.boot(SUITES.oldest);
    hostile = new HostileHost(container);
    swapper = new Swapper(container);
  });
  afterAll(() => container?.stop());
  beforeEach(() => hostile.reset(SWAPPED));

  function policyFor(state: Policy["state"]): Partial<Policy> {
    return { state, stateDelete: state === "delete" ? SWAPPED : [] };
  }

  /** One switch while the user swaps. */
  function race(state: Policy["state"], change?: (script: string) => string): Result {
    container.must("rm -rf /var/lib/microvm-sweep");
    swapper.lay();
    swapper.start();
    const result = hostile.switch(policyFor(state), change);
    swapper.stop();
    return result;
  }

  /** Files in the archive that came from a victim. */
  function stolen(): string {
    return container.must(
      `[ ! -d /var/lib/microvm-sweep ] || grep -rl '${SECRET}' /var/lib/microvm-sweep || true`,
    );
  }

  /**
   * Switches while the user swaps, some and then more until one reports `late`; none does anything
   * outside. Gives their stderr.
   */
  async function races(state: Policy["state"], late: RegExp): Promise<string> {
    let reports = "";
    let found = "";
    let round = 0;
    const outside = await hostile.watch(() => {
      for (; round < ROUNDS || (round < MOST_ROUNDS && !late.test(reports)); round += 1) {
        const { status, stderr } = race(state);
        expect([0, 1]).toContain(status);
        reports += stderr;
        found += stolen();
      }
    });
    expect(outside).toEqual({ events: [], unchanged: true });
    expect(found).toBe("");
    expect(swapper.swaps()).toBeGreaterThan(round * 100);
    expect(hostile.changes()).toEqual([]);
    return reports;
  }

  /** Once the user keeps still, the next run completes what is left. */
  function expectCompletion(state: Policy["state"]): void {
    const { stderr } = hostile.switch(policyFor(state));
    expect(stderr.replaceAll(/.* is a symbolic link, which is not followed\n/g, "")).toBe("");
    const left = container.must("find /var/lib/microvms -maxdepth 1 -type d -name 'bar*'");
    expect(left).toBe("");
  }

  const EARLY = /\/bar\d is a symbolic link, which is not followed/;

  it("keep: nothing outside is touched", async () => {
    const paths = SWAPPED.map((name) => `/var/lib/microvms/${name}`).join(", ");
    // Only the first run has news.
    const reports = await races("keep", /^/);
    expect(reports).toBe(`microvm-sweep: state directories kept: ${paths}\n`);
  });

  it("archive: nothing outside is touched, and what was swapped at the last moment is reported", async () => {
    const late = /is a symbolic link: somebody put it in the place of the directory/;
    const reports = await races("archive", late);
    expect(reports).toMatch(EARLY);
    expect(reports).toMatch(late);
    expectCompletion("archive");
  });

  it("delete: nothing outside is touched, and what could not be deleted is reported", async () => {
    const late = /^rm: cannot remove '\/var\/lib\/microvms\/bar\d/m;
    const reports = await races("delete", late);
    expect(reports).toMatch(EARLY);
    expect(reports).toMatch(late);
    expect(reports).toContain("error: not every state directory could be deleted");
    expectCompletion("delete");
  });

  describe("these tests see a script that", () => {
    it.each(FOLLOWING)("$what", async (broken) => {
      const { events, unchanged } = await hostile.watch(() => {
        swapper.lay();
        hostile.switch(policyFor(broken.state), breakScript(broken));
      });
      const seen = broken.state === "archive" ? "ACCESS" : "DELETE";
      expect(events).toContain(`${seen} ${VICTIM}/tree/d3/e3/f1`);
      expect(stolen() !== "").toBe(broken.state === "archive");
      expect(unchanged).toBe(broken.state === "archive");
    });

    it.each(RACING)("$what, through a link put there during the run", async (broken) => {
      const quiet = await hostile.watch(() => {
        swapper.lay();
        hostile.switch(policyFor(broken.state), breakScript(broken));
      });
      expect(quiet).toEqual({ events: [], unchanged: true });
      const { events, unchanged } = await hostile.watch(() => {
        for (let round = 0; round < MOST_ROUNDS && isSound(); round += 1) {
          race(broken.state, breakScript(broken));
        }
      });
      expect(events.length).toBeGreaterThan(0);
      expect(unchanged).toBe(broken.state === "archive");
    });

    /** Whether no race has been won yet. */
    function isSound(): boolean {
      return stolen() === "" && hostile.host.exists(`${VICTIM}/disk.img`);
    }
  });
});
