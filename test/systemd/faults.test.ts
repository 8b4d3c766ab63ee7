import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireContainer } from "../support/require.ts";
import { Container } from "./container.ts";
import { BROKEN_FILE_SYSTEMS, FAILING_COMMANDS, type Failure } from "./faults/failures.ts";
import { FaultyHost } from "./faults/faultyHost.ts";
import { SUITES } from "./root.ts";

describe.skipIf(requireContainer(SUITES.newest))("the sweep under faults", () => {
  let container: Container;
  let faulty: FaultyHost;
  beforeAll(async () => {
    container = await Container.boot(SUITES.newest);
    faulty = new FaultyHost(container);
  });
  afterAll(() => container?.stop());

  /** A run with something broken, then one after it has been mended. */
  function fails(failure: Failure): void {
    const { errors, breaks = "true", mends = "true", fault } = failure;
    // Made first, so that nothing is laid out anew between the two runs.
    const { end } = faulty.reference();
    const left = faulty.start();
    container.must(`set -e; ${breaks}`);
    const { status, stdout, stderr } = faulty.activate(fault);
    const proven = container.run(`set -x; ${failure.proof}`);
    container.must(mends);
    expect([status, stdout + stderr]).toEqual([errors.length > 0 ? 1 : 0, expect.any(String)]);
    for (const error of errors)
      expect(stderr).toMatch(RegExp(`^microvm-sweep: error: .*${error}`, "m"));
    expect(proven.status, `${proven.stderr}\n${stdout}${stderr}`).toBe(0);
    expect(faulty.left()).toBe(left);
    expect(faulty.complete()).toBe(end);
    expect(faulty.left()).toBe(left);
  }

  describe("a command fails", () => {
    it.each(FAILING_COMMANDS)("$what", fails);
  });

  describe("a file system is broken", () => {
    it.each(BROKEN_FILE_SYSTEMS)("$what", fails);
  });

  /**
   * Kills a run at each of its commands that fit, each time on a new scene; gives the commands. `whole`
   * kills the activation script too, as a crash does. Else it goes on, and the generation becomes current.
   */
  function killAt(
    when: "before" | "halfway" | "after",
    whole: boolean,
    fitting = /^/,
  ): readonly string[] {
    const { calls, end } = faulty.reference();
    const chosen = [...calls.entries()].filter(
      // `decide` has not the power to end anybody but itself.
      ([, call]) => fitting.test(call) && !/^(timeout|find|realpath) /.test(call),
    );
    for (const [index, call] of chosen) {
      const what = `${when} command ${index + 1}, ${call}`;
      const left = faulty.start();
      const { status } = faulty.activate({ whole, kill: { when, call: index + 1 } });
      expect(status, what).toBe(whole ? 0 : 137);
      expect(faulty.left(), what).toBe(left);
      expect(faulty.complete(), what).toBe(end);
      expect(faulty.left(), what).toBe(left);
    }
    return chosen.map(([, call]) => call);
  }

  // Each has many runs.
  describe("it is killed", { timeout: 600_000 }, () => {
    it("with all of the activation, after each of its commands in turn", () => {
      const calls = killAt("after", true).join("\n");
      for (const step of ["systemctl stop", "rm", "mv", "systemctl daemon-reload", "logger"])
        expect(calls).toMatch(new RegExp(`^${step}\\b`, "m"));
    });

    it("alone, just before it stops, removes or moves something", () => {
      expect(killAt("before", false, /^(systemctl stop|rm|mv|mkdir -- ) /).length).toBeGreaterThan(
        2,
      );
    });

    it("halfway through a command", () => {
      expect(killAt("halfway", true, /^(rm|mv|systemctl stop) .* -- \S+ \S/).length).toBe(3);
    });
  });
});
