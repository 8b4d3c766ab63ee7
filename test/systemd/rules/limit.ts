import { expect, it } from "vitest";
import type { Tests } from "../onSystemd.ts";

export const limit: Tests = (scene) => {
  /** A switch that would stop bar and baz. */
  function removeTwo(): void {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar", "baz"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.start("fw", "bar", "baz");
  }

  it("refuses a switch that would stop more, before anything happens", () => {
    const { host } = scene;
    removeTwo();
    const dropIns = host.dropIn("microvm@bar.service");
    const before = host.snapshot();
    const refused = host.check(2, "switch", { policy: { limit: 1 } });
    expect(host.snapshot()).toBe(before);
    expect([refused.status, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toMatch(/^microvm-sweep: error: .*\b2\b.*limit is 1: bar baz\n/);
    expect(refused.stderr).toContain("NIXOS_NO_CHECK=1");
    for (const action of ["test", "check"] as const)
      expect(host.check(2, action, { policy: { limit: 1 } }).status).toBe(1);
    expect(host.exists(dropIns)).toBe(true);
    for (const name of ["fw", "bar", "baz"]) expect(host.runs(name)).toBe(true);
    expect(host.switch(2, { policy: { limit: 2 } }).stdout).toContain("bar, baz\n");
    for (const name of ["bar", "baz"]) expect(host.runs(name)).toBe(false);
  });

  it("says so in dry-activate, and lets the plan be shown", () => {
    const { host } = scene;
    removeTwo();
    const { status, check, stdout } = host.switch(2, {
      action: "dry-activate",
      policy: { limit: 1 },
    });
    expect([status, check?.status]).toEqual([0, 0]);
    expect(check?.stderr).toMatch(/^microvm-sweep: error: .*limit is 1/);
    expect(stdout).toBe("would stop orphaned MicroVMs: bar, baz\n");
  });

  it("does not look at boot, nor where there is no running system, and does not count what is held", () => {
    const { host, container } = scene;
    removeTwo();
    const none = { policy: { limit: 0 } };
    const nothing = { status: 0, stdout: "", stderr: "" };
    expect(host.check(2, "boot", none)).toEqual(nothing);
    host.units({
      "/run/systemd/system/my-companion.service":
        "[Unit]\nRequires=microvm@bar.service\nAfter=microvm@bar.service\n[Service]\nExecStart=/bin/sleep infinity\n",
    });
    container.must("systemctl start my-companion.service");
    expect(host.check(2, "switch", { policy: { limit: 1 } })).toEqual(nothing);
    container.must("rm /run/current-system");
    for (const action of ["switch", "dry-activate"] as const)
      expect(host.check(2, action, none)).toEqual(nothing);
  });

  it("does not list the state directory, which the user microvm can fill", () => {
    const { host, container } = scene;
    removeTwo();
    const path = host.standIn(
      "find",
      '[[ " $* " != *" /var/lib/microvms/ "* ]] || : > /tmp/my-listed; exec $real "$@"',
    );
    const listed = () => container.run("rm /tmp/my-listed").status === 0;
    expect(host.check(2, "switch", { path, policy: { limit: 1 } }).status).toBe(1);
    expect(listed()).toBe(false);
    expect(host.sweep(2, "plan", { path }).status).toBe(0);
    expect(listed()).toBe(true);
  });

  it("refuses where it cannot count", () => {
    const { host } = scene;
    removeTwo();
    const path = host.standIn("systemctl", "exit 1");
    const { status, stderr } = host.check(2, "switch", { path, policy: { limit: 9 } });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^microvm-sweep: error: the limit cannot be checked: systemd does not answer/,
    );
  });
};
