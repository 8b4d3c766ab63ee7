import { describe, expect, it } from "vitest";
import type { Tests } from "../onSystemd.ts";
import { COMMAND } from "../program.ts";
import { unitsOf } from "../units.ts";
import { asDry } from "./output.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const BAR = "microvm@bar.service";
const RUNTIME = "/run/systemd/system";
const FOREVER = "[Service]\nExecStart=/bin/sleep infinity\n";

export const stopping: Tests = (scene) => {
  /** A unit of the administrator's that runs beside bar. */
  function companion(relation: string): void {
    scene.host.units({
      [`${RUNTIME}/my-companion.service`]: `[Unit]\n${relation}\nAfter=${BAR}\n${FOREVER}`,
    });
    scene.container.must(`systemctl start my-companion.service ${BAR}`);
  }

  /** Writes a drop-in of a unit, which systemd reads at once. */
  function dropIn(unit: string, text: string): void {
    scene.host.units({ [`${RUNTIME}/${unit}.d/my.conf`]: text });
  }

  function mainPid(unit: string): string {
    return scene.container.must(`systemctl show -P MainPID -- '${unit}'`);
  }

  /**
   * Switches, and expects that the units run on, uninterrupted, that the VM is named with a reason, and
   * that nothing else is done. A dry run says the same. Gives the command that is advised.
   */
  function expectHeld(reason: string, vm = "bar", also: readonly string[] = []): string {
    const { host } = scene;
    const units = [`microvm@${vm}.service`, ...also];
    const dropIns = host.dropIn(`microvm@${vm}.service`);
    const before = units.map(mainPid);
    const dry = host.activate(2, { action: "dry-activate" });
    const { status, stdout, stderr } = host.switch(2);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain(`microvm-sweep: ${vm} keeps running: ${reason}`);
    expect([dry.stdout, dry.stderr]).toEqual([stdout, stderr]);
    expect(units.map(mainPid)).toEqual(before);
    expect(before).not.toContain("0\n");
    expect(host.shutDown()).toEqual([]);
    expect(host.exists(dropIns)).toBe(true);
    return /: (systemctl stop .*)\n/.exec(stderr)?.[1] ?? "";
  }

  const RELATIONS: Readonly<Record<string, () => void>> = {
    RequiredBy: () => companion(`Requires=${BAR}`),
    RequisiteOf: () => companion(`Requisite=${BAR}`),
    BoundBy: () => companion(`BindsTo=${BAR}`),
    ConsistsOf: () => companion(`PartOf=${BAR}`),
    PropagatesStopTo: () => companion(`StopPropagatedFrom=${BAR}`),
    UpheldBy: () => companion(`Upholds=${BAR}`),
    "RequiredBy of a helper": () => companion("Requires=microvm-virtiofsd@bar.service"),
  };

  describe("a VM stays as it is where a unit is attached to it that is not its own", () => {
    it.each(Object.keys(RELATIONS))("%s", (relation) => {
      const { host, container } = scene;
      removeBar(scene);
      host.start("fw", "bar");
      RELATIONS[relation]?.();
      const command = expectHeld("my-companion.service is attached to it; to stop both: ", "bar", [
        "my-companion.service",
      ]);
      // The command works.
      expect(command).toBe(`systemctl stop my-companion.service ${BAR}`);
      container.must(command);
      expect([host.runs("bar"), host.isActive("my-companion.service")]).toEqual([false, false]);
      expect([host.runs("fw"), host.shutDown()]).toEqual([true, ["bar"]]);
      expect(host.switch(2).stdout).not.toContain("stopping");
    });

    it.each(["timer", "path", "socket"])("TriggeredBy a %s", (kind) => {
      const { host, container } = scene;
      removeBar(scene);
      const texts: Readonly<Record<string, string>> = {
        timer: `[Timer]\nOnActiveSec=1d\nUnit=${BAR}\n`,
        path: `[Path]\nPathExists=/nonexistent\nUnit=${BAR}\n`,
        socket: `[Socket]\nListenStream=/run/my-socket\nService=${BAR}\n`,
      };
      host.units({ [`${RUNTIME}/my-trigger.${kind}`]: texts[kind] ?? "" });
      container.must(`systemctl start my-trigger.${kind}; systemctl start ${BAR}`);
      expectHeld(`my-trigger.${kind} is attached to it`);
      container.must(`systemctl stop my-trigger.${kind}`);
    });

    it("a timer of the VM's own name, which is no service of it", () => {
      removeBar(scene);
      scene.host.units({ [`${RUNTIME}/microvm@bar.timer`]: "[Timer]\nOnActiveSec=1d\n" });
      scene.container.must(`systemctl start microvm@bar.timer ${BAR}`);
      expectHeld("microvm@bar.timer is attached to it");
    });

    it("also where that unit does not run", () => {
      removeBar(scene);
      companion(`Requires=${BAR}`);
      // Something that stays wants it, so that systemd does not forget it.
      scene.host.link(
        `${RUNTIME}/multi-user.target.wants/my-companion.service`,
        "../my-companion.service",
      );
      scene.container.must("systemctl daemon-reload; systemctl stop my-companion.service");
      expectHeld("my-companion.service is attached to it");
    });

    it("a declared VM that requires it", () => {
      const { host } = scene;
      removeBar(scene);
      dropIn("microvm@fw.service", `[Unit]\nRequires=${BAR}\n`);
      host.start("fw");
      expectHeld("microvm@fw.service is attached to it", "bar", ["microvm@fw.service"]);
    });

    it("a finished oneshot that requires it, and that a live VM requires", () => {
      const { host } = scene;
      removeBar(scene);
      host.units({
        [`${RUNTIME}/my-once.service`]: `[Unit]\nRequires=${BAR}\nAfter=${BAR}\n[Service]\nType=oneshot\nExecStart=/bin/true\n`,
      });
      dropIn("microvm@fw.service", "[Unit]\nRequires=my-once.service\nAfter=my-once.service\n");
      host.start("fw");
      expect(host.loaded("my-once.service")).toBe("loaded inactive");
      expectHeld("my-once.service is attached to it", "bar", ["microvm@fw.service"]);
    });

    it("a helper of its own that is at rest, and that a live VM requires", () => {
      const { host } = scene;
      removeBar(scene);
      const helper = "microvm-tap-interfaces@bar.service";
      dropIn(helper, "[Unit]\nConditionPathExists=/nonexistent\n");
      dropIn("microvm@fw.service", `[Unit]\nRequires=${helper}\nAfter=${helper}\n`);
      host.start("fw", "bar");
      expect(host.loaded(helper)).toBe("loaded inactive");
      expectHeld("microvm@fw.service is attached to it", "bar", ["microvm@fw.service"]);
    });

    it("a oneshot that leaves with this switch, and that a live VM requires", () => {
      const { host } = scene;
      const once = `[Unit]\nRequires=${BAR} microvm@baz.service\nAfter=${BAR}\n[Service]\nType=oneshot\nExecStart=/bin/true\n`;
      const needs = "[Unit]\nRequires=my-once.service\nAfter=my-once.service\n";
      const vms = ["fw", "bar", "baz"];
      host.build(1, { vms, units: { "my-once.service": once }, overrides: { fw: needs } });
      host.build(2, { vms: ["fw"] });
      host.current(1);
      host.start(...vms);
      expect(host.loaded("my-once.service")).toBe("loaded inactive");
      // It is attached to both, and none of the three is interrupted.
      expectHeld("m", "bar", ["microvm@fw.service", "microvm@baz.service"]);
    });

    it("a mount whose unit name has an escape, and that a live VM requires", () => {
      const { host, container } = scene;
      removeBar(scene);
      const mount = "my-vm\\x2dshare.mount";
      host.units({
        [`${RUNTIME}/${mount}`]: `[Unit]\nBindsTo=${BAR}\nAfter=${BAR}\n[Mount]\nWhat=tmpfs\nType=tmpfs\nWhere=/my/vm-share\n`,
      });
      dropIn("microvm@fw.service", `[Unit]\nRequires=${mount}\nAfter=${mount}\n`);
      host.start("fw");
      expect(host.isActive(mount)).toBe(true);
      const command = expectHeld(`${mount} is attached to it`, "bar", ["microvm@fw.service"]);
      expect(host.isActive(mount)).toBe(true);
      expect(command).toBe(`systemctl stop my-vm\\\\x2dshare.mount ${BAR}`);
      container.must(command);
      expect([host.isActive(mount), host.runs("bar"), host.runs("fw")]).toEqual([
        false,
        false,
        false,
      ]);
    });

    it("the unit in which the switch runs", () => {
      const { host, container } = scene;
      removeBar(scene);
      host.start("bar");
      host.check(2, "switch");
      host.units({
        [`${RUNTIME}/my-switch.service`]: `[Unit]\nBindsTo=${BAR}\nAfter=${BAR}\n[Service]\nType=oneshot\nStandardError=truncate:/run/my-output\nExecStart=${COMMAND} activate ${host.toplevel(2)} switch\n`,
      });
      container.must("systemctl start my-switch.service");
      expect(container.must("cat /run/my-output")).toContain(
        "bar keeps running: my-switch.service is attached to it",
      );
      expect([host.runs("bar"), host.shutDown()]).toEqual([true, []]);
    });

    it("a unit whose start is queued", () => {
      const { host, container } = scene;
      removeBar(scene);
      host.start("bar");
      host.units({
        [`${RUNTIME}/my-slow.service`]:
          "[Service]\nType=oneshot\nExecStart=/bin/sleep infinity\nTimeoutStopSec=1s\n",
        [`${RUNTIME}/my-companion.service`]: `[Unit]\nRequires=${BAR}\nAfter=${BAR} my-slow.service\nWants=my-slow.service\n${FOREVER}`,
      });
      container.must("systemctl start --no-block my-companion.service");
      expectHeld("my-companion.service is attached to it");
      expect(container.must("systemctl list-jobs --no-legend")).toContain("my-companion.service");
    });

    it("a VM with a backslash in its name, which systemctl quotes", () => {
      const { host, container } = scene;
      const vm = "e\\x2d\\x5c";
      host.build(1, { vms: ["fw", vm] });
      host.build(2, { vms: ["fw"] });
      host.current(1);
      const unit = `microvm@${vm}.service`;
      host.units({
        [`${RUNTIME}/my-companion.service`]: `[Unit]\nBindsTo=${unit}\nAfter=${unit}\n${FOREVER}`,
      });
      container.must(`systemctl start '${unit}' my-companion.service`);
      const command = expectHeld("my-companion.service is attached to it", vm, [
        "my-companion.service",
      ]);
      container.must(`rm ${RUNTIME}/my-companion.service; ${command}; systemctl daemon-reload`);
      expect([host.runs(vm), host.isActive("my-companion.service")]).toEqual([false, false]);
      // Without a companion, the same VM stops, and loses its drop-in.
      container.must(`systemctl start '${unit}'; rm /run/current-system`);
      host.link("/run/current-system", host.toplevel(1));
      const { status, stdout } = host.switch(2);
      expect(status).toBe(0);
      expect(stdout).toContain(`stopping orphaned MicroVMs: ${vm}\n`);
      expect(stdout).toContain(`/microvm@${vm}.service.d\n`);
      expect([host.runs(vm), host.exists(`${CONTROL}/${unit}.d`)]).toEqual([false, false]);
    });

    it("a VM that such a VM requires, and the templates", () => {
      const { host, container } = scene;
      host.build(1, { vms: ["bar", "baz"] });
      host.build(2, { vms: [], templates: false });
      host.current(1);
      host.units({
        [`${RUNTIME}/my-companion.service`]: `[Unit]\nRequires=${BAR}\nAfter=${BAR}\n${FOREVER}`,
        [`${RUNTIME}/microvm@bar.service.d/my.conf`]: "[Unit]\nRequires=microvm@baz.service\n",
        [`${RUNTIME}/microvm@.service.d/my.conf`]: "[Unit]\n",
      });
      host.start("bar", "baz");
      container.must("systemctl start my-companion.service");
      const { status, stdout, stderr } = host.activate(2);
      expect([status, stdout]).toEqual([0, ""]);
      expect(stderr).toContain(
        "bar keeps running: my-companion.service is attached to it; shut it",
      );
      expect(stderr).toContain("baz keeps running: microvm@bar.service is attached to it; shut it");
      expect([host.runs("bar"), host.runs("baz"), host.shutDown()]).toEqual([true, true, []]);
      expect(host.exists(`${RUNTIME}/microvm@.service.d`)).toBe(true);
    });

    it("a unit that only the running host has, where there is no current system", () => {
      const { host, container } = scene;
      removeBar(scene);
      container.must("rm /etc/systemd/system; mkdir /etc/systemd/system");
      for (const unit of unitsOf("bar"))
        host.link(
          `/etc/systemd/system/${unit.replace("@bar", "@")}`,
          `/etc/static/systemd/system/${unit.replace("@bar", "@")}`,
        );
      host.units({
        "/etc/systemd/system/my-companion.service": `[Unit]\nRequires=${BAR}\nAfter=${BAR}\n${FOREVER}`,
      });
      container.must("systemctl start my-companion.service; rm /run/current-system");
      const { stdout, stderr } = host.activate(2, { policy: { orphans: "stop-all" } });
      expect(stdout).not.toContain("stopping");
      expect(stderr).toContain("bar keeps running: my-companion.service is attached to it");
      expect([host.runs("bar"), host.isActive("my-companion.service")]).toEqual([true, true]);
    });
  });

  it("units that leave with this switch hold nothing; a dry run, a plan and a limit say so", () => {
    const { host, container } = scene;
    const needs = `[Unit]\nRequires=${BAR}\nAfter=${BAR}\n${FOREVER}`;
    const units = { "my-proxy.service": needs, "my-proxy@.service": needs };
    host.build(1, { vms: ["fw", "bar"], units });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.start("fw");
    container.must("systemctl start my-proxy.service my-proxy@bar.service");
    const dry = host.switch(2, { action: "dry-activate" });
    expect(dry.stdout).toBe("would stop orphaned MicroVMs: bar\n");
    expect(host.sweep(2, `plan --system=${host.toplevel(2)}`).stdout).toMatch(
      /^orphan +bar +it is stopped$/m,
    );
    expect(host.check(2, "switch", { policy: { limit: 0 } }).status).toBe(1);
    const { status, stdout, stderr } = host.switch(2, { policy: { limit: 1 } });
    expect([status, stdout, stderr]).toEqual([0, "stopping orphaned MicroVMs: bar\n", ""]);
    expect([host.runs("bar"), host.runs("fw"), host.shutDown()]).toEqual([false, true, ["bar"]]);
  });

  it("a unit of a template that this generation has too holds its VM", () => {
    const { host, container } = scene;
    const units = {
      "my-proxy@.service": `[Unit]\nRequires=microvm@%i.service\nAfter=microvm@%i.service\n${FOREVER}`,
    };
    host.build(1, { vms: ["fw", "bar"], units });
    host.build(2, { vms: ["fw"], units });
    host.current(1);
    container.must("systemctl start my-proxy@bar.service");
    expectHeld("my-proxy@bar.service is attached to it");
  });

  it("two orphans of which one requires the other stop together", () => {
    const { host } = scene;
    host.build(1, { vms: ["bar", "baz"] });
    host.build(2, { vms: [] });
    host.current(1);
    dropIn("microvm@baz.service", `[Unit]\nRequires=${BAR}\n`);
    host.start("bar", "baz");
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar, baz\n");
    expect([host.runs("bar"), host.runs("baz")]).toEqual([false, false]);
  });

  it("an orphan whose own start is queued is stopped too", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.units({
      [`${RUNTIME}/my-slow.service`]:
        "[Service]\nType=oneshot\nExecStart=/bin/sleep infinity\nTimeoutStopSec=1s\n",
      [`${RUNTIME}/${BAR}.d/my.conf`]: "[Unit]\nAfter=my-slow.service\nWants=my-slow.service\n",
    });
    container.must(`systemctl start --no-block ${BAR}`);
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    container.must("systemctl kill --signal=KILL my-slow.service");
    expect(container.must("systemctl list-jobs --no-legend")).not.toContain("bar");
    expect(host.runs("bar")).toBe(false);
  });

  it("a VM that refuses to be stopped by hand is not got round by its helpers", () => {
    removeBar(scene);
    dropIn(BAR, "[Unit]\nRefuseManualStop=yes\n");
    scene.host.start("bar");
    expectHeld("systemd cannot stop microvm@bar.service cleanly; shut it down from inside");
  });

  it("an instance whose unit systemd has lost is left and named, never killed", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["bar"] });
    host.build(2, { vms: [], templates: false });
    host.current(1);
    host.state("bar");
    host.start("bar");
    host.link("/etc/static", `${host.toplevel(2)}/etc`);
    container.must("systemctl daemon-reload");
    expect(host.loaded(BAR)).toBe("not-found active");
    expectHeld("systemd cannot stop microvm");
  });

  describe("what is said of a stop is what systemd says afterwards", () => {
    it("a stop that fails although everything has stopped is no error", () => {
      const { host } = scene;
      removeBar(scene);
      host.start("bar");
      const dropIns = host.dropIn(BAR);
      const path = host.standIn("systemctl", '$real "$@" || exit; [[ $* != stop* ]]');
      expect(host.switch(2, { path })).toMatchObject({ status: 0, stderr: "" });
      expect([host.runs("bar"), host.exists(dropIns)]).toEqual([false, false]);
    });

    it("a stop that reports success although bar runs on is an error, and only bar's files stay", () => {
      const { host, container } = scene;
      host.build(1, { vms: ["fw", "bar", "baz"] });
      host.build(2, { vms: ["fw"] });
      host.current(1);
      host.start("fw", "bar", "baz");
      const dropIns = ["bar", "baz"].map((vm) => host.dropIn(`microvm@${vm}.service`));
      container.must("systemctl daemon-reload");
      const path = host.standIn(
        "systemctl",
        '[[ $1 != stop ]] || { $real stop --quiet "microvm*@baz.service"; exit 0; }; exec $real "$@"',
      );
      const { status, stderr } = host.switch(2, { path });
      expect(status).toBe(1);
      expect(stderr).toMatch(/^microvm-sweep: error: bar still runs after the stop/m);
      expect(stderr).not.toContain("baz");
      expect(dropIns.map((directory) => host.exists(directory))).toEqual([true, false]);
      // The next run says it again: bar is lingering then.
      expect(host.switch(2).stderr).toContain("bar; to stop it: systemctl stop ");
    });

    it("an answer that is missing after the stop is an error, and the files stay", () => {
      const { host, container } = scene;
      removeBar(scene);
      host.start("bar");
      const dropIns = host.dropIn(BAR);
      const path = host.standIn(
        "systemctl",
        '[[ $1 != list-units || ! -e /run/my-stopped ]] || exit 1; [[ $1 != stop ]] || : > /run/my-stopped; exec $real "$@"',
      );
      const { status, stderr } = host.switch(2, { path });
      container.must("rm /run/my-stopped");
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^microvm-sweep: error: systemd does not answer after the stop.*: bar$/m,
      );
      expect(host.exists(dropIns)).toBe(true);
    });

    it.each([
      [
        "had to kill",
        "ExecStop=\nTimeoutStopSec=200ms\nExecStart=\nType=simple\nExecStart=/bin/bash -c 'trap \"\" TERM; sleep infinity & wait; wait'\n",
      ],
      ["could not ask", "ExecStop=\nExecStop=/bin/false\n"],
    ])("a VM that systemd %s did not shut down cleanly", (_, text) => {
      const { host } = scene;
      removeBar(scene);
      dropIn(BAR, `[Service]\n${text}`);
      host.start("fw", "bar");
      const { status, stdout, stderr } = host.switch(2);
      expect([status, stderr]).toEqual([
        0,
        `microvm-sweep: bar did not shut down cleanly; see: journalctl -u ${BAR}\n`,
      ]);
      expect(stdout).toContain("stopping orphaned MicroVMs: bar\n");
      expect(stdout).toContain(`resetting failed units: ${BAR}\n`);
      expect(host.loaded(BAR)).toMatch(/ inactive$/);
      expect(host.runs("fw")).toBe(true);
    });
  });

  it("each unit that failed is named in a command that works", () => {
    const { host, container } = scene;
    removeBar(scene);
    for (const unit of [BAR, "microvm-virtiofsd@bar.service"])
      dropIn(unit, "[Service]\nExecStopPost=/bin/false\n");
    host.start("bar");
    const command = /see: (.*)\n/.exec(host.switch(2).stderr)?.[1] ?? "";
    expect(command).toBe(`journalctl -u microvm-virtiofsd@bar.service -u ${BAR}`);
    container.must(command);
  });

  it("a VM that had failed before is not blamed for the stop of its helpers", () => {
    const { host, container } = scene;
    removeBar(scene);
    dropIn(BAR, "[Service]\nExecStart=\nExecStart=/bin/false\nRestart=no\n");
    container.run(`systemctl start ${BAR}`);
    expect(host.loaded(BAR)).toBe("loaded failed");
    expect(host.isActive("microvm-virtiofsd@bar.service")).toBe(true);
    const { stdout, stderr } = host.switch(2);
    expect(stderr).toBe("");
    expect(stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect(stdout).toContain(`resetting failed units: ${BAR}\n`);
  });

  it("a VM at rest is not called running, whatever its description is", () => {
    const { host } = scene;
    removeBar(scene);
    dropIn(
      BAR,
      "[Unit]\nDescription=start of bar\n[Service]\nExecStart=\nExecStart=/bin/false\nRestart=no\n",
    );
    scene.container.run(`systemctl start ${BAR}; systemctl stop 'microvm-*@bar.service'`);
    expect(host.loaded(BAR)).toBe("loaded failed");
    const dry = host.activate(2, { action: "dry-activate" });
    const { status, stdout, stderr } = host.switch(2);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).not.toContain("stopping");
    expect(stdout).toContain(`resetting failed units: ${BAR}\n`);
    expect(asDry(stdout)).toBe(dry.stdout);
  });
};
