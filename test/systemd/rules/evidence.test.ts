import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { removeBar } from "./removeBar.ts";

const ARCHIVE = { state: "archive" } as const;

onEverySystemd("what proves that a MicroVM was removed", (scene) => {
  it("a VM started by hand runs on where a generation without the sweep was in between", () => {
    const { host } = scene;
    removeBar(scene);
    host.build(3, { vms: ["fw"] });
    host.start("fw", "bar");
    host.switch(1);
    // NixOS itself stops no instance here, so bar is stopped and started by hand.
    host.switch(2, { sweep: false, stops: ["microvm*@bar.service"] });
    host.start("bar");
    const { status, stdout, stderr } = host.switch(3, { policy: ARCHIVE });
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("bar");
    expect(host.runs("bar")).toBe(true);
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
  });

  it("the record of another generation than the current one does not count, on the service backend either", () => {
    const { host } = scene;
    removeBar(scene);
    host.build(3, { vms: ["fw"] });
    host.switch(1, { backend: "service" });
    host.switch(2, { sweep: false });
    host.start("bar");
    const { stdout } = host.switch(3, { backend: "service" });
    expect(stdout).toBe("");
    expect(host.runs("bar")).toBe(true);
  });

  it.each([true, false])(
    "a VM started by hand after an activation that was killed runs on, pre-switch checks: %s",
    (preSwitchChecks) => {
      const { host } = scene;
      removeBar(scene);
      host.switch(1, { preSwitchChecks });
      host.start("fw", "bar");
      const killed = host.switch(2, { preSwitchChecks, killed: true });
      expect(killed.stdout).toContain("stopping orphaned MicroVMs: bar\n");
      expect(host.runs("bar")).toBe(false);
      host.start("bar");
      const { stdout } = host.switch(2, { preSwitchChecks, policy: ARCHIVE });
      expect(stdout).toBe("");
      expect(host.runs("bar")).toBe(true);
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
      // Once more, now that the generation is the current one.
      expect(host.switch(2, { preSwitchChecks }).stdout).toBe("");
      expect(host.runs("bar")).toBe(true);
    },
  );

  it("a setting that deletes the state of a test VM does not touch an imperative VM of that name", () => {
    const { host } = scene;
    const policy = { state: "delete", stateDelete: ["test"] } as const;
    host.build(1, { vms: ["fw", "test"] });
    host.build(2, { vms: ["fw"] });
    host.build(3, { vms: ["fw"] });
    host.current(1);
    host.state("test");
    host.start("fw", "test");
    expect(host.switch(2, { policy }).stdout).toContain("deleting state directories: test\n");
    host.imperative("test");
    const dropIns = host.dropIn("microvm@test.service");
    for (const id of [2, 3, 2] as const) {
      expect(host.switch(id, { policy }).stdout).toBe("");
      expect(host.exists("/var/lib/microvms/test/disk.img")).toBe(true);
      expect(host.exists(dropIns)).toBe(true);
      expect(host.exists("/nix/var/nix/gcroots/microvm/test")).toBe(true);
      expect(host.exists("/nix/var/nix/gcroots/microvm/booted-test")).toBe(true);
    }
  });

  it("the first switch to the service backend has a record, written by the pre-switch check", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    const { status, stdout } = host.switch(2, { backend: "service" });
    expect(status).toBe(0);
    expect(stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect(host.runs("bar")).toBe(false);
    expect(host.runs("fw")).toBe(true);
    expect(host.shutDown()).toEqual(["bar"]);
  });

  it("the record holds the generation, its names and its state directory", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.check(2, "switch");
    const record = () => container.must("cat /run/microvm-sweep/record").split("\n").slice(0, -1);
    expect(record()).toEqual([
      `toplevel ${host.toplevel(1)}`,
      `next ${host.toplevel(2)}`,
      // A generation without the sweep does not tell its state directory.
      expect.stringMatching(/^state-dir /),
      "vm bar",
      "vm fw",
    ]);
    host.activate(2);
    expect(record()).toEqual([
      `toplevel ${host.toplevel(2)}`,
      expect.stringMatching(/^next ?$/),
      "state-dir /var/lib/microvms",
      "vm fw",
    ]);
    expect(container.must("stat -c %a /run/microvm-sweep")).toBe("700\n");
  });

  it("a record of another generation, of none, or cut short proves nothing", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.current(2);
    host.start("who");
    for (const text of [
      `toplevel ${host.toplevel(2)}\nnext\nstate-dir /var/lib/microvms\nvm wh`,
      `vm who\n`,
      `toplevel ${host.toplevel(1)}\nnext\nstate-dir /var/lib/microvms\nvm who\n`,
    ]) {
      host.file("/run/microvm-sweep/record", text);
      container.must("chmod 0700 /run/microvm-sweep");
      expect(host.activate(2).stdout).not.toContain("stopping");
      expect(host.runs("who")).toBe(true);
    }
  });

  it("boot and dry-activate write no record, and a missing current system is no fault of the check", () => {
    const { host, container } = scene;
    removeBar(scene);
    for (const action of ["boot", "dry-activate", "check"] as const) {
      expect(host.check(2, action)).toMatchObject({ status: 0, stdout: "" });
      expect(host.exists("/run/microvm-sweep/record")).toBe(false);
    }
    container.must("rm /run/current-system");
    for (const action of ["switch", "boot", "dry-activate"] as const)
      expect(host.check(2, action)).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it("a dry run of the service backend is told by the pre-switch check", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    const { check } = host.switch(2, { action: "dry-activate", backend: "service" });
    expect(`${check?.stdout}${check?.stderr}`).toContain("would stop orphaned MicroVMs: bar\n");
    expect(host.runs("bar")).toBe(true);
    const activation = host.switch(2, { action: "dry-activate" });
    expect(activation.check).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it("a limit refuses a switch that would stop more, before anything happens", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar", "baz"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.start("bar", "baz");
    const refused = host.switch(2, { policy: { limit: 1 } });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^microvm-sweep: error: .*\b2\b.*limit/s);
    for (const name of ["bar", "baz"]) expect(host.runs(name)).toBe(true);
    expect(host.switch(2, { policy: { limit: 2 } }).stdout).toContain("bar, baz\n");
    for (const name of ["bar", "baz"]) expect(host.runs(name)).toBe(false);
  });

  it("a name that a specialisation declares is stopped, and its files and state stay", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"], specialisations: { big: { vms: ["fw", "bar"] } } });
    host.current(1);
    for (const name of ["fw", "bar"]) host.state(name);
    host.start("fw", "bar");
    const dropIns = host.dropIn("microvm@bar.service");
    const policy = { state: "delete", stateDelete: ["bar"] } as const;
    const { status, stdout } = host.switch(2, { policy });
    expect([status, stdout]).toEqual([0, "stopping orphaned MicroVMs: bar\n"]);
    expect(host.exists(dropIns)).toBe(true);
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    // The specialisation itself, as `switch-to-configuration test` of it does.
    host.switch("2-big", { action: "test", policy });
    host.start("bar");
    expect(host.switch("2-big", { action: "test", policy }).stdout).toBe("");
    expect(host.runs("bar")).toBe(true);
    expect(host.switch(2, { policy }).stdout).toBe("stopping orphaned MicroVMs: bar\n");
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
  });

  it("an older generation tells of a leftover where only its profile link is left", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.current(2);
    container.must("rm -r /var/lib/microvms/bar");
    const dropIns = host.dropIn("microvm@bar.service");
    expect(host.switch(2).stdout).toContain(`removing stale unit files: ${dropIns}\n`);
    expect(host.exists(dropIns)).toBe(false);
  });

  it("an orphan that could not be stopped is tried again by the next switch", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    const refuse = "/run/systemd/system/microvm@bar.service.d/refuse.conf";
    const helpers = "set-booted tap-interfaces macvtap-interfaces pci-devices virtiofsd".split(" ");
    host.units({ [refuse]: "[Unit]\nRefuseManualStop=yes\n" });
    for (const helper of helpers)
      host.file(
        `/run/systemd/system/microvm-${helper}@bar.service.d/refuse.conf`,
        "[Unit]\nRefuseManualStop=yes\n",
      );
    container.must("systemctl daemon-reload");
    const first = host.switch(2);
    expect(first.status).toBe(1);
    expect(first.stderr).toMatch(/microvm-sweep: error: .*\bbar\b/);
    expect(host.runs("bar")).toBe(true);
    container.must("rm /run/systemd/system/*@bar.service.d/refuse.conf; systemctl daemon-reload");
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect(host.runs("bar")).toBe(false);
  });
});
