import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireContainer } from "../support/require.ts";
import { Container } from "./container.ts";
import { expectCompletion } from "./faults/expectCompletion.ts";
import { BROKEN_FILE_SYSTEMS, FAILING_COMMANDS, type Failure } from "./faults/failures.ts";
import { FaultyHost } from "./faults/faultyHost.ts";
import { disks } from "./faults/observe.ts";
import { DELETE, KEPT_DISKS } from "./faults/scene.ts";
import { SUITES } from "./root.ts";

describe.skipIf(requireContainer(SUITES.oldest))("the sweep under faults", () => {
  let container: Container;
  let faulty: FaultyHost;
  beforeAll(async () => {
    container = await Container.boot(SUITES.oldest);
    faulty = new FaultyHost(container);
  });
  afterAll(() => container?.stop());

  /** A run with something broken, then one after it has been mended. */
  function fails(failure: Failure): void {
    const { policy, errors, breaks = "true", mends = "true" } = failure;
    // Made first, so that nothing is laid out anew between the two runs.
    faulty.reference(policy);
    const left = faulty.start();
    container.must(`set -e; ${breaks}`);
    const { status, stdout, stderr } = faulty.activate(policy, failure.fault);
    const proven = container.run(`set -x; ${failure.proof}`);
    container.must(mends);
    const failed = errors.length > 0;
    expect([status, stdout + stderr]).toEqual([failed ? 1 : 0, expect.any(String)]);
    for (const error of errors) expect(stderr).toContain(`microvm-sweep: error: ${error}`);
    expect(proven.status, `${proven.stderr}\n${stdout}${stderr}`).toBe(0);
    expect(faulty.left()).toBe(left);
    expect(disks(container)).toEqual(expect.arrayContaining([...KEPT_DISKS(policy)]));
    expectCompletion(faulty, policy, left);
  }

  describe("a command fails", () => {
    it.each(FAILING_COMMANDS)("$what", fails);
  });

  it("deletes the rest of a state directory although only the failed run knew whose it was", () => {
    faulty.start({ record: true });
    container.must(
      `ln -sfn ${faulty.host.toplevel(0)} /run/booted-system; rm /nix/var/nix/profiles/system-1-link`,
    );
    expect(faulty.activate(DELETE, { fail: "^rm .*microvms/bar" }).status).toBe(1);
    // As far as rm came: the link by which the next run tells an orphan from an imperative VM.
    container.must("rm /var/lib/microvms/bar/toplevel");
    expect(faulty.activate(DELETE).status).toBe(0);
    expect(faulty.host.exists("/var/lib/microvms/bar")).toBe(false);
    expect(container.must("grep -c -e '^vm ' -e '^unfinished ' /run/microvm-sweep/record")).toBe(
      "1\n",
    );
  });

  describe("a file system is broken", () => {
    it.each(BROKEN_FILE_SYSTEMS)("$what", fails);
  });
});
