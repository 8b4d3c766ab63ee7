import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { unitsOf } from "../units.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

onEverySystemd("the table of verdicts", (scene) => {
  it("live: a declared VM runs on", () => {
    removeBar(scene);
    scene.host.start("fw");
    const { status, stdout } = scene.host.switch(2);
    expect(status).toBe(0);
    expect(stdout).not.toContain("fw");
    expect(scene.host.runs("fw")).toBe(true);
  });

  it("live: a name in autostart counts as declared, and taking it off that list stops nothing", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw"], autostart: ["imp"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.state("imp", { declarative: false });
    host.start("imp");
    host.switch(1);
    expect(host.switch(2).stdout).toBe("");
    expect(host.runs("imp")).toBe(true);
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
      expect(host.switch(2, { policy: { state: "archive" } }).stdout).toBe("");
      expect(host.runs("bar")).toBe(true);
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    },
  );

  it("live: the generation has a unit of that name of its own", () => {
    const { host } = scene;
    const text = "[Service]\nExecStart=/bin/sleep infinity\n";
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"], units: { "microvm@bar.service": text } });
    host.current(1);
    host.state("bar");
    host.start("bar");
    const dropIns = host.dropIn("microvm@bar.service");
    expect(host.switch(2).stdout).toBe("");
    expect(host.runs("bar")).toBe(true);
    expect(host.exists(dropIns)).toBe(true);
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
    expect(stdout).toBe(
      "stopping orphaned MicroVMs: bar\n" +
        `removing stale unit files: ${CONTROL}/microvm@bar.service.d\n` +
        "reloading systemd\n",
    );
    expect(stderr).toBe("microvm-sweep: state directories kept: /var/lib/microvms/bar\n");
    expect(status).toBe(0);
    for (const unit of unitsOf("bar")) expect(host.loaded(unit)).toMatch(/ inactive$/);
    expect(host.shutDown()).toEqual(["bar"]);
    expect(container.must("pgrep -c sleep || true").trim()).toBe("2");
    expect(container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
    expect(host.runs("fw")).toBe(true);
  });

  it("orphan: one that NixOS has stopped before is told as well, once", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    // NixOS 26.05 stops what it removes before it activates (nixpkgs pull 512360).
    const { status, stdout, stderr } = host.switch(2, { stops: ["microvm*@bar.service"] });
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toBe("microvm-sweep: state directories kept: /var/lib/microvms/bar\n");
    expect(host.switch(2)).toMatchObject({ stdout: "", stderr: "" });
  });

  it("orphan: two runs before the generation is the current one tell it once", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    expect(host.switch(2, { killed: true }).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect(host.switch(2)).toMatchObject({ stdout: "", stderr: "" });
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
        "still running, declared only by an older generation: bar; to stop: systemctl stop ",
      );
      expect(host.runs("bar")).toBe(true);
    }
    const command = /to stop: (.*)/.exec(host.switch(2).stderr)?.[1] ?? "false";
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

  it("imperative: a VM made by hand before the switch that removes its name is left, and named", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.imperative("bar");
    host.start("bar");
    const dropIns = host.dropIn("microvm@bar.service");
    const { status, stdout, stderr } = host.switch(2, {
      policy: { state: "delete", stateDelete: ["bar"] },
    });
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^microvm-sweep: .*\bbar\b/);
    expect(host.runs("bar")).toBe(true);
    expect(host.exists(dropIns)).toBe(true);
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    expect(host.exists("/nix/var/nix/gcroots/microvm/booted-bar")).toBe(true);
    // Only the switch that removes the name has something to say.
    expect(host.switch(2)).toMatchObject({ stdout: "", stderr: "" });
  });

  it("unknown: what runs without state and declaration is named and left alone", () => {
    const { host } = scene;
    host.build(1, { vms: [] });
    host.current(1);
    host.start("who");
    const { stdout, stderr } = host.switch(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "microvm-sweep: running, but no generation declares it, so it is left alone: who\n",
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
    expect(host.switch(1).stdout).toContain(`removing stale unit files: ${dropIns}, ${want}\n`);
    expect(host.exists(dropIns)).toBe(false);
    expect(host.exists(want)).toBe(false);
  });
});
