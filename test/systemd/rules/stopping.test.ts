import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { unitsOf } from "../units.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const BAR = "microvm@bar.service";
const MINE = "/run/systemd/system/my-companion.service";

onEverySystemd("stopping", (scene) => {
  /** A unit of the administrator's that runs beside bar. */
  function companion(relation: string): void {
    scene.host.units({
      [MINE]: `[Unit]\n${relation}\nAfter=${BAR}\n[Service]\nExecStart=/bin/sleep infinity\n`,
    });
  }

  it.each(["Requires", "Requisite"])(
    "an orphan that a unit which stays has in %s= is left and named, until that unit stops",
    (relation) => {
      const { host, container } = scene;
      removeBar(scene);
      host.start("fw", "bar");
      companion(`${relation}=${BAR}`);
      container.must("systemctl start my-companion.service");
      const dropIns = host.dropIn(BAR);
      const { status, stdout, stderr } = host.switch(2, { policy: { state: "archive" } });
      expect([status, stdout]).toEqual([0, ""]);
      expect(stderr).toMatch(/microvm-sweep: .*\bbar\b.*my-companion\.service/s);
      expect(stderr).toContain("systemctl stop ");
      expect(stderr).toContain(BAR);
      expect(host.runs("bar")).toBe(true);
      expect(host.isActive("my-companion.service")).toBe(true);
      expect(host.exists(dropIns)).toBe(true);
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
      container.must(`systemctl stop my-companion.service; rm ${MINE}; systemctl daemon-reload`);
      expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
      expect([host.runs("bar"), host.runs("fw")]).toEqual([false, true]);
    },
  );

  it.each(["BindsTo", "PartOf"])("a companion with %s= stops with its VM", (relation) => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    companion(`${relation}=${BAR}`);
    container.must("systemctl start my-companion.service");
    const { status, stdout } = host.switch(2);
    expect(status).toBe(0);
    expect(stdout).toContain("stopping orphaned MicroVMs: bar\n");
    for (const unit of unitsOf("bar")) expect(host.isActive(unit)).toBe(false);
    expect(host.isActive("my-companion.service")).toBe(false);
    expect(host.shutDown()).toEqual(["bar"]);
  });

  it("a declared VM that requires an orphan keeps it", () => {
    const { host, container } = scene;
    removeBar(scene);
    const needs = "/run/systemd/system/microvm@fw.service.d/needs.conf";
    host.units({ [needs]: `[Unit]\nRequires=${BAR}\n` });
    host.start("fw");
    const { status, stdout, stderr } = host.switch(2, { policy: { state: "archive" } });
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/microvm-sweep: .*\bbar\b.*microvm@fw\.service/s);
    expect([host.runs("fw"), host.runs("bar")]).toEqual([true, true]);
    container.must(`rm ${needs}; systemctl daemon-reload`);
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect([host.runs("fw"), host.runs("bar")]).toEqual([true, false]);
  });

  it("two orphans of which one requires the other stop together", () => {
    const { host } = scene;
    host.build(1, { vms: ["bar", "baz"] });
    host.build(2, { vms: [] });
    host.current(1);
    const needs = "/run/systemd/system/microvm@baz.service.d/needs.conf";
    host.units({ [needs]: `[Unit]\nRequires=${BAR}\n` });
    host.start("bar", "baz");
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar, baz\n");
    expect([host.runs("bar"), host.runs("baz")]).toEqual([false, false]);
  });

  it("a unit whose start is queued and that requires an orphan keeps it", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    host.units({
      "/run/systemd/system/my-slow.service":
        "[Service]\nType=oneshot\nExecStart=/bin/sleep infinity\n",
      [MINE]: `[Unit]\nRequires=${BAR}\nAfter=${BAR} my-slow.service\nWants=my-slow.service\n[Service]\nExecStart=/bin/sleep infinity\n`,
    });
    container.must("systemctl start --no-block my-companion.service; sleep 0.3");
    expect(container.must("systemctl list-jobs --no-legend")).toContain("my-companion.service");
    const { status, stdout, stderr } = host.switch(2);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("my-companion.service");
    expect(host.runs("bar")).toBe(true);
    expect(container.must("systemctl list-jobs --no-legend")).toContain("my-companion.service");
  });

  it("an orphan whose own start is queued is stopped too", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.units({
      "/run/systemd/system/my-slow.service":
        "[Service]\nType=oneshot\nExecStart=/bin/sleep infinity\n",
      "/run/systemd/system/microvm@bar.service.d/late.conf":
        "[Unit]\nAfter=my-slow.service\nWants=my-slow.service\n",
    });
    container.must(`systemctl start --no-block ${BAR}; sleep 0.3`);
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    container.must("systemctl kill --signal=KILL my-slow.service; sleep 0.3");
    expect(host.runs("bar")).toBe(false);
    expect(container.must("systemctl list-jobs --no-legend")).not.toContain("bar");
  });

  it("a unit with Upholds= that starts an orphan again is named, and the files stay", () => {
    const { host, container } = scene;
    removeBar(scene);
    companion(`Upholds=${BAR}`);
    container.must(`systemctl start my-companion.service ${BAR}`);
    const dropIns = host.dropIn(BAR);
    const { status, stderr } = host.switch(2, { policy: { state: "archive" } });
    expect(status).toBe(0);
    expect(stderr).toContain("bar keeps running: my-companion.service starts it again");
    expect(host.exists(dropIns)).toBe(true);
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
  });

  it("a timer that starts an orphan again is named, and the files stay", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.units({
      "/run/systemd/system/my-revival.timer": `[Timer]\nOnUnitInactiveSec=1ms\nAccuracySec=1us\nUnit=${BAR}\n`,
    });
    container.must(`systemctl start my-revival.timer ${BAR}`);
    const dropIns = host.dropIn(BAR);
    const { status, stderr } = host.switch(2, { policy: { state: "archive" } });
    expect(status).toBe(0);
    expect(stderr).toContain("bar keeps running: my-revival.timer starts it again");
    expect(host.exists(dropIns)).toBe(true);
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
  });

  it("after a stop that failed the error names only what still runs", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["fw", "bar", "baz"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    for (const unit of unitsOf("bar"))
      host.file(`/run/systemd/system/${unit}.d/refuse.conf`, "[Unit]\nRefuseManualStop=yes\n");
    container.must("systemctl daemon-reload");
    host.start("fw", "bar", "baz");
    for (const name of ["bar", "baz"]) host.dropIn(`microvm@${name}.service`);
    const { status, stderr } = host.switch(2);
    expect(status).toBe(1);
    const error = stderr.split("\n").find((line) => line.includes("microvm-sweep: error: "));
    expect(error).toMatch(/\bbar\b/);
    // systemctl stops none of its arguments where one is refused, or all the others.
    if (!host.runs("baz")) expect(error).not.toContain("baz");
    expect(host.exists(`${CONTROL}/microvm@bar.service.d`)).toBe(true);
    expect(host.exists(`${CONTROL}/microvm@baz.service.d`)).toBe(host.runs("baz"));
  });

  it("a stop that fails although everything has stopped is no error", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    const dropIns = host.dropIn(BAR);
    host.file("/root/late-failure", '#!/bin/bash\nsystemctl "$@" || exit\n[[ $* != *stop* ]]\n');
    container.must("chmod +x /root/late-failure");
    const { status, stderr } = host.switch(2, { systemctl: "/root/late-failure" });
    expect([status, stderr.includes("error")]).toEqual([0, false]);
    expect([host.runs("bar"), host.exists(dropIns)]).toEqual([false, false]);
  });

  it("a stop that reports success although bar runs on is an error", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    const dropIns = host.dropIn(BAR);
    host.file(
      "/root/pretender",
      '#!/bin/bash\n[[ " $* " != *" stop "* ]] || exit 0\nexec systemctl "$@"\n',
    );
    container.must("chmod +x /root/pretender");
    const { status, stderr } = host.switch(2, { systemctl: "/root/pretender" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/microvm-sweep: error: .*\bbar\b/);
    expect([host.runs("bar"), host.exists(dropIns)]).toEqual([true, true]);
  });

  it("an instance whose unit systemd has lost is left and named, never killed", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["bar"] });
    host.build(2, { vms: [], templates: false });
    host.current(1);
    host.state("bar");
    host.start("bar");
    // The service runs after NixOS has reloaded systemd, which then has no unit of bar's.
    const { stdout, stderr } = host.switch(2, {
      backend: "service",
      policy: { state: "archive" },
    });
    expect(host.loaded(BAR)).toBe("not-found active");
    expect(stdout).not.toContain("stopping");
    expect(stderr).toMatch(/microvm-sweep: .*\bbar\b/);
    expect(host.shutDown()).toEqual([]);
    expect(container.must("pgrep -c sleep").trim()).not.toBe("0");
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
  });

  it("cleans up after a VM that systemd had to kill", () => {
    const { host } = scene;
    removeBar(scene);
    host.units({
      "/run/systemd/system/microvm@bar.service.d/deaf.conf":
        "[Service]\nType=simple\nExecStart=\nExecStart=/bin/bash -c 'trap \"\" TERM; while :; do sleep 60; done'\nExecStop=\nTimeoutStopSec=1s\n",
    });
    host.start("bar");
    const { status, stdout } = host.switch(2);
    expect(status).toBe(0);
    expect(stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect(host.loaded(BAR)).toMatch(/ inactive$/);
    expect(host.exists("/run/systemd/system/microvm@bar.service.d")).toBe(false);
  });
});
