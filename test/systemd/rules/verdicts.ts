import { expect, it } from "vitest";
import type { Tests } from "../onSystemd.ts";
import { unitsOf } from "../units.ts";
import { moving, timeless } from "./output.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

/** What each verdict means on real systemd. test/decide has all their evidence. */
export const verdicts: Tests = (scene) => {
  it("live: a declared VM runs on", () => {
    removeBar(scene);
    scene.host.start("fw");
    const { status, stdout } = scene.host.switch(2);
    expect(status).toBe(0);
    expect(stdout).not.toContain("fw");
    expect(scene.host.runs("fw")).toBe(true);
  });

  it("live: a name in autostart counts as declared; taking it off that list stops nothing, and it is named", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw"], autostart: ["imp"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.state("imp", { declarative: false });
    host.start("imp");
    expect(host.switch(1)).toMatchObject({ stdout: "", stderr: "" });
    const { status, stdout, stderr } = host.switch(2);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toBe(
      "microvm-sweep: imp has left microvm.autostart and runs on; to stop it: systemctl stop microvm@imp.service\n",
    );
    expect(host.runs("imp")).toBe(true);
    expect(host.switch(2).stderr).toBe("");
  });

  it.each([".wants", ".requires", ".upholds"])(
    "live: a unit of the generation has it in its %s directory",
    (directory) => {
      const { host } = scene;
      const link = `multi-user.target${directory}/microvm@bar.service`;
      host.build(1, { vms: ["fw", "bar"] });
      host.build(2, { vms: ["fw"], links: { [link]: "../microvm@.service" } });
      host.current(1);
      host.state("bar");
      host.start("bar");
      expect(host.switch(2).stdout).toBe("");
      expect(host.runs("bar")).toBe(true);
    },
  );

  it("live: a unit of the generation's own keeps a VM that left microvm.vms, and it is named each time", () => {
    const { host } = scene;
    const text = "[Service]\nTimeoutStartSec=9\nExecStart=/bin/sleep infinity\n";
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"], units: { "microvm@bar.service": text } });
    host.current(1);
    host.state("bar");
    host.start("bar");
    const dropIns = host.dropIn("microvm@bar.service");
    for (const _switch of [1, 2]) {
      const { status, stdout, stderr } = host.switch(2);
      expect([status, stdout]).toEqual([0, ""]);
      expect(stderr).toMatch(
        /^microvm-sweep: bar has left microvm\.vms and runs on, .*microvm@bar\.service/,
      );
      expect(host.runs("bar")).toBe(true);
      expect(host.exists(dropIns)).toBe(true);
    }
  });

  it("orphan: a mask in the generation is no unit of it", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"], links: { "microvm@bar.service": "/dev/null" } });
    host.current(1);
    host.state("bar");
    host.start("fw", "bar");
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect([host.runs("bar"), host.runs("fw")]).toEqual([false, true]);
    expect(host.shutDown()).toEqual(["bar"]);
  });

  it("kept: nothing of a VM on the keep list changes", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    const dropIns = host.dropIn("microvm@bar.service");
    const { stdout } = host.switch(2, { policy: { keep: ["bar"] } });
    expect(stdout).toBe("");
    expect(host.runs("bar")).toBe(true);
    expect(host.exists(dropIns)).toBe(true);
  });

  it("orphan: all its units stop in one call, its files go, its state stays", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    container.must("systemctl set-property microvm@bar.service CPUWeight=50");
    const { status, stdout, stderr } = host.switch(2);
    expect([status, timeless(stdout), stderr]).toEqual([
      0,
      `stopping orphaned MicroVMs: bar\n${moving(`${CONTROL}/microvm@bar.service.d`)}reloading systemd\n`,
      "",
    ]);
    for (const unit of unitsOf("bar")) expect(host.loaded(unit)).toMatch(/ inactive$/);
    expect(host.shutDown()).toEqual(["bar"]);
    expect(container.must("pgrep -c sleep || true").trim()).toBe("2");
    expect(container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
    expect(host.runs("fw")).toBe(true);
  });

  it("orphan: one that NixOS has stopped before loses its files", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    const dropIns = host.dropIn("microvm@bar.service");
    // NixOS 26.05 stops what it removes before it activates (nixpkgs pull 512360).
    const { status, stdout, stderr } = host.switch(2, { stops: ["microvm*@bar.service"] });
    expect([status, timeless(stdout), stderr]).toEqual([
      0,
      `${moving(dropIns)}reloading systemd\n`,
      "",
    ]);
    expect(host.switch(2)).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  it("orphan under report: it runs on with its files, and is named with the command", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    const dropIns = host.dropIn("microvm@bar.service");
    const { status, stdout, stderr } = host.switch(2, { policy: { orphans: "report" } });
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^microvm-sweep: .*bar.*systemctl stop microvm@bar\.service\n$/);
    expect([host.runs("bar"), host.exists(dropIns)]).toEqual([true, true]);
  });

  it("lingering: a VM restarted by hand after its removal is reported and never stopped", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    host.switch(2);
    expect(host.runs("bar")).toBe(false);
    host.start("bar");
    for (const _switch of [1, 2]) {
      const { status, stdout, stderr } = host.switch(2);
      expect([status, stdout]).toEqual([0, ""]);
      expect(stderr).toContain(
        "still running, and not declared: bar; to stop it: systemctl stop microvm@bar.service\n",
      );
      expect(host.runs("bar")).toBe(true);
    }
    const command = /to stop it: (.*)/.exec(host.switch(2).stderr)?.[1] ?? "false";
    container.must(command);
    for (const unit of unitsOf("bar")) expect(host.isActive(unit)).toBe(false);
  });

  it("lingering under stop-all: stopped like an orphan", () => {
    const { host } = scene;
    removeBar(scene);
    host.current(2);
    host.start("bar");
    expect(host.switch(2, { policy: { orphans: "stop-all" } }).stdout).toContain(
      "stopping orphaned MicroVMs: bar\n",
    );
    expect(host.runs("bar")).toBe(false);
  });

  it("leftover: what does not run loses its unit files and its failed state", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.current(2);
    const dropIns = "/run/systemd/system/microvm@bar.service.d";
    host.units({
      [`${dropIns}/x.conf`]: "[Service]\nExecStart=\nExecStart=/bin/false\nRestart=no\n",
    });
    container.must(
      "systemctl start microvm@bar.service || true; systemctl stop 'microvm-*@bar.service'",
    );
    expect(host.loaded("microvm@bar.service")).toBe("loaded failed");
    const { stdout } = host.activate(2);
    expect(stdout).toContain(`removing stale unit files: ${dropIns}\n`);
    expect(stdout).toContain("resetting failed units: microvm@bar.service\n");
    expect(host.loaded("microvm@bar.service")).toMatch(/ inactive$/);
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
  });

  it("leftover: a failed instance with a backslash in its name is reset", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["fw", "e\\x2d"] });
    host.build(2, { vms: ["fw"] });
    host.current(2);
    const dropIns = "/run/systemd/system/microvm@.service.d";
    host.units({
      [`${dropIns}/x.conf`]: "[Service]\nExecStart=\nExecStart=/bin/false\nRestart=no\n",
    });
    container.must(
      `systemctl start 'microvm@e\\x2d.service' || true; systemctl stop 'microvm-*@e?x2d.service'; rm -r ${dropIns}`,
    );
    expect(host.loaded("microvm@e\\x2d.service")).toMatch(/ failed$/);
    const { status, stdout } = host.activate(2);
    expect(stdout).toContain("resetting failed units: microvm@e\\x2d.service");
    expect(host.loaded("microvm@e\\x2d.service")).toMatch(/ inactive$/);
    expect(status).toBe(0);
  });

  it.each([true, false])("imperative: nothing of it changes, running: %s", (running) => {
    const { host } = scene;
    host.build(1, { vms: ["fw"] });
    host.current(1);
    host.imperative("imp");
    const dropIns = host.dropIn("microvm@imp.service");
    if (running) host.start("imp");
    const { stdout, stderr } = host.switch(1);
    expect([stdout, stderr]).toEqual(["", ""]);
    expect(host.runs("imp")).toBe(running);
    expect(host.exists(dropIns)).toBe(true);
    expect(host.exists("/nix/var/nix/gcroots/microvm/booted-imp")).toBe(true);
  });

  it("imperative: a VM made by hand before the switch that removes its name is left, and named once", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.imperative("bar");
    host.start("bar");
    const dropIns = host.dropIn("microvm@bar.service");
    const { status, stdout, stderr } = host.switch(2);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^microvm-sweep: .*\bbar\b/);
    expect([host.runs("bar"), host.exists(dropIns)]).toEqual([true, true]);
    expect(container.must("ls /nix/var/nix/gcroots/microvm")).toBe("bar\nbooted-bar\n");
    expect(host.switch(2)).toMatchObject({ stdout: "", stderr: "" });
  });

  it("imperative: a link toplevel that the user microvm plants beside it changes nothing", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["fw"] });
    host.current(1);
    host.imperative("imp");
    // The limits that root has set.
    const dropIns = host.dropIn("microvm@imp.service");
    const plant = "ln -s /nix/store/x-guest /var/lib/microvms/imp/toplevel";
    container.must(`setpriv --reuid microvm --regid kvm --clear-groups ${plant}`);
    expect(host.switch(1)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(host.sweep(1, "run")).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(host.exists(dropIns)).toBe(true);
  });

  it("unknown: what runs without state and declaration is named and left alone", () => {
    const { host } = scene;
    host.build(1, { vms: [] });
    host.current(1);
    host.start("who");
    const { stdout, stderr } = host.switch(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "microvm-sweep: still running, and not declared: who; to stop it: systemctl stop microvm@who.service\n",
    );
    expect(host.runs("who")).toBe(true);
  });

  it("ghost: a name that only unit files mention loses them", () => {
    const { host } = scene;
    host.build(1, { vms: [] });
    host.current(1);
    const dropIns = host.dropIn("microvm@ghost.service");
    const want = "/run/systemd/system/multi-user.target.wants/microvm@ghost.service";
    host.link(want, "../microvm@.service");
    const stdout = timeless(host.switch(1).stdout);
    expect(stdout).toContain(`removing stale unit files: ${want}\n`);
    expect(stdout).toContain(moving(dropIns));
    expect(host.exists(dropIns)).toBe(false);
    expect(host.exists(want)).toBe(false);
  });
};
