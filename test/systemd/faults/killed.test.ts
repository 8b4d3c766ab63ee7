import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireContainer } from "../../support/require.ts";
import { Container } from "../container.ts";
import { SUITES } from "../root.ts";
import { expectCompletion } from "./expectCompletion.ts";
import { FaultyHost } from "./faultyHost.ts";
import { disks } from "./observe.ts";
import { DELETE, KEPT_DISKS, QUARANTINE } from "./scene.ts";

/**
 * `whole` kills the activation script too, as a crash does. Else that script goes on, the new
 * generation becomes the current one, and the record of the pre-switch check no longer counts for it.
 */
const CASES = [
  { name: "quarantine and archive, with all of the activation", policy: QUARANTINE, whole: true },
  { name: "delete, alone", policy: DELETE, whole: false },
];

describe.skipIf(requireContainer(SUITES.oldest))("the sweep is killed", () => {
  let container: Container;
  let faulty: FaultyHost;
  beforeAll(async () => {
    container = await Container.boot(SUITES.oldest);
    faulty = new FaultyHost(container);
  });
  afterAll(() => container?.stop());

  describe.each(CASES)("policy $name", ({ policy, whole }) => {
    /** Kills a run at each of its commands that fit, each time on a new scene; gives the commands. */
    function killAt(when: "before" | "halfway" | "after", fitting = /^/): readonly string[] {
      const { calls } = faulty.reference(policy, { record: !whole });
      const chosen = [...calls.entries()].filter(([, call]) => fitting.test(call));
      for (const [index, call] of chosen) {
        const what = `${when} command ${index + 1}, ${call}`;
        const left = faulty.start({ record: !whole });
        const kill = { when, call: index + 1 };
        const { status } = faulty.activate(policy, { whole, kill });
        expect(status, what).toBe(whole ? 0 : 137);
        expect(faulty.left(), what).toBe(left);
        expect(disks(container), what).toEqual(expect.arrayContaining([...KEPT_DISKS(policy)]));
        expectCompletion(faulty, policy, left, what);
      }
      return chosen.map(([, call]) => call);
    }

    it("after each of its commands in turn", () => {
      const calls = killAt("after").join("\n");
      for (const step of ["stop", "daemon-reload", "reset-failed"])
        expect(calls).toMatch(new RegExp(`^systemctl ${step}`, "m"));
      for (const moved of ["system.control/", "microvms/bar", "sweep/record"])
        expect(calls).toMatch(new RegExp(`^(rm|mv) .*${moved}`, "m"));
      expect(calls).toMatch(/^rm .*gcroots/m);
    });

    // Between two commands the script may have written a file itself.
    it("just before it removes, moves or records something", () => {
      expect(killAt("before", /^(rm|mv .*(--target-directory|record))/).length).toBeGreaterThan(2);
    });

    it("halfway through a command", () => {
      const several = /^(rm|mv .*--target-directory|systemctl stop).* -- \S+ \S/;
      expect(killAt("halfway", several).length).toBeGreaterThan(2);
    });
  });
});
