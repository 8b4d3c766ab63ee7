import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requireContainer, requireTool } from "../support/require.ts";
import { Container, type Result } from "./container.ts";
import { DIRECTORIES, fill, inodes, LINKS, NO_DIRECTORIES, ODD_NAMES } from "./hostile/fill.ts";
import { HostileHost } from "./hostile/hostileHost.ts";
import { SWAPPED, Swapper } from "./hostile/swapper.ts";
import { VICTIM } from "./hostile/victim.ts";
import { SUITES } from "./root.ts";

const needs = requireContainer(SUITES.newest) ?? requireTool("inotifywait");

const REMOVED = [...DIRECTORIES, ...LINKS, ...NO_DIRECTORIES];
const STARTED = ["fifo", "link-root", "tree"];
const NOTHING = { events: [], unchanged: true };

/** A step of `decide` as it must not be: it follows links of the user. */
function follow(text: string, part: string): string {
  const step = 'run_find -P "';
  if (part === "decide" && !text.includes(step)) throw new Error("decide has no such step");
  return text.replaceAll(step, 'run_find -L "');
}

describe.skipIf(needs)("a state directory that the user microvm has filled", () => {
  let container: Container;
  let hostile: HostileHost;
  let filled: readonly string[];
  beforeAll(async () => {
    container = await Container.boot(SUITES.newest);
    hostile = new HostileHost(container);
  });
  afterAll(() => container?.stop());

  function expectPlain({ stdout, stderr }: Result): void {
    // No byte of a name that a terminal would take for a command.
    expect(stdout + stderr).toMatch(/^[\x20-\x7e\n]*$/);
    expect(container.must("find / -xdev -maxdepth 3 -name owned")).toBe("");
  }

  describe("with all that is odd", () => {
    beforeEach(() => {
      hostile.reset(REMOVED);
      fill(container);
      for (const name of ["tree", "link-victim", "file"])
        hostile.host.file(`/run/systemd/system/microvm@${name}.service.d/x.conf`, "[Unit]\n");
      hostile.host.start(...STARTED);
      filled = inodes(container);
    });

    it("a switch stops what it has to, changes nothing in it, and follows no link of it", async () => {
      let result: Result | undefined;
      expect(
        await hostile.watch(() => {
          result = hostile.switch();
        }),
      ).toEqual(NOTHING);
      const { status = 1, stdout = "", stderr = "" } = result ?? {};
      expect([status, stderr]).toEqual([0, ""]);
      const [, stopped = ""] = /^stopping orphaned MicroVMs: (.*)$/m.exec(stdout) ?? [];
      expect(stopped.split(", ").sort()).toEqual(STARTED);
      for (const name of ["tree", "link-victim", "file"])
        expect(stdout).toContain(`/microvm@${name}.service.d`);
      expectPlain({ status, stdout, stderr });
      expect(inodes(container)).toEqual(filled);
      for (const name of STARTED)
        expect(hostile.host.isActive(`microvm@${name}.service`)).toBe(false);
    });

    it("a plan lists it, by names that are names", async () => {
      let result: Result | undefined;
      expect(
        await hostile.watch(() => {
          result = hostile.host.sweep(2, "plan --json");
        }),
      ).toEqual(NOTHING);
      const { status = 1, stdout = "", stderr = "" } = result ?? {};
      expect(status, stderr).toBe(0);
      expectPlain({ status, stdout, stderr });
      const names = (JSON.parse(stdout) as { vms: { name: string }[] }).vms.map(({ name }) => name);
      for (const name of names) expect(name).toMatch(/^[A-Za-z0-9:_.\\@-]+$/);
      expect(names).toEqual(expect.arrayContaining([...DIRECTORIES, ...ODD_NAMES]));
      expect(inodes(container)).toEqual(filled);
    });
  });

  describe("that changes all the time", () => {
    let swapper: Swapper;
    beforeAll(() => {
      swapper = new Swapper(container);
    });
    beforeEach(() => {
      hostile.reset(SWAPPED);
      swapper.lay();
    });

    it("nothing outside is opened or changed, and every run ends well", async () => {
      const { host } = hostile;
      for (const name of SWAPPED) host.link(`/nix/var/nix/gcroots/microvm/${name}`, "/nowhere");
      const results: Result[] = [];
      swapper.start();
      const outside = await hostile.watch(() => {
        for (let round = 0; round < 6; round += 1)
          results.push(hostile.switch(), host.sweep(2, "plan"));
      });
      swapper.stop();
      expect(outside).toEqual(NOTHING);
      for (const result of results) {
        expect(result.status, result.stderr).toBe(0);
        expectPlain(result);
      }
      expect(swapper.swaps()).toBeGreaterThan(1000);
    });

    it("this test sees a program that follows a link", async () => {
      hostile.host.link("/nix/var/nix/gcroots/microvm/bar0", "/nowhere");
      container.must(`rm -r /var/lib/microvms/bar0; ln -s ${VICTIM} /var/lib/microvms/bar0`);
      const { events } = await hostile.watch(() => hostile.switch(follow));
      expect(events.join("\n")).toContain(VICTIM);
    });
  });
});
