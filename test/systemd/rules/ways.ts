import { expect, it } from "vitest";
import type { Run } from "../nixosHost.ts";
import type { Tests } from "../onSystemd.ts";
import { COMMAND } from "../program.ts";
import { asDry, moving, timeless } from "./output.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const BAR = "microvm@bar.service";
const RUNTIME = "/run/systemd/system";

export const ways: Tests = (scene) => {
  it("dry-activate prints what switch does, and changes nothing at all", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    host.dropIn(BAR);
    host.check(2, "switch");
    const units = () => container.must("systemctl list-units --all --no-legend 'microvm*'");
    const [files, before] = [host.snapshot(), units()];
    const dry = host.activate(2, { action: "dry-activate" });
    expect(host.snapshot()).toBe(files);
    expect(units()).toBe(before);
    expect(dry).toEqual({
      status: 0,
      stdout:
        "would stop orphaned MicroVMs: bar\n" +
        `would move unit files to /var/lib/microvm-sweep/removed: ${CONTROL}/${BAR}.d\n` +
        "would reload systemd\n",
      stderr: "",
    });
    const real = host.switch(2);
    expect([asDry(real.stdout), real.stderr, real.status]).toEqual([dry.stdout, "", 0]);
    expect(host.runs("bar")).toBe(false);
  });

  /** Hosts on which steps are refused, or follow from a step before. */
  const SCENES: Readonly<Record<string, () => Run | undefined>> = {
    "an orphan that another VM requires": () => {
      scene.host.units({ [`${RUNTIME}/microvm@fw.service.d/x.conf`]: `[Unit]\nRequires=${BAR}\n` });
      scene.host.dropIn(BAR);
      scene.host.start("fw");
      return undefined;
    },
    "a failed unit, files of several kinds, one of the administrator's": () => {
      const { host, container } = scene;
      host.dropIn(BAR);
      host.dropIn("microvm-virtiofsd@bar.service");
      host.units({
        [`${RUNTIME}/microvm@.service.d/x.conf`]:
          "[Service]\nExecStart=\nExecStart=/bin/false\nRestart=no\n",
        [`${RUNTIME}/microvm-pci-devices@bar.service`]: "[Service]\nExecStart=/bin/true\n",
      });
      container.run(`systemctl start ${BAR}; systemctl stop 'microvm-*@bar.service'`);
      host.link(`${CONTROL}/my.target.wants/${BAR}`, "/nowhere");
      return undefined;
    },
    "a drop-in directory that is a mount point": () => {
      scene.container.must(`mount -t tmpfs none ${scene.host.dropIn(BAR)}`);
      return undefined;
    },
    "a lingering and an unknown VM, which stay": () => {
      const { host } = scene;
      host.build(0, { vms: ["old"] });
      host.start("old", "who", "bar");
      return undefined;
    },
    "policies that only report": () => {
      scene.host.dropIn(BAR);
      scene.host.start("bar");
      return { policy: { orphans: "report", unitFiles: "report" } };
    },
    "systemd that does not answer": () => {
      scene.host.dropIn(BAR);
      scene.host.start("bar");
      return { path: scene.host.standIn("systemctl", "exit 1") };
    },
  };

  it.each(Object.keys(SCENES))("dry-activate and switch say the same: %s", (name) => {
    const { host, container } = scene;
    removeBar(scene);
    const run = SCENES[name]?.() ?? {};
    container.must("systemctl daemon-reload");
    host.check(2, "switch", run);
    const before = host.snapshot();
    const dry = host.activate(2, { ...run, action: "dry-activate" });
    expect(host.snapshot()).toBe(before);
    // As nixos-rebuild does before a switch.
    host.profile(2);
    const real = host.activate(2, run);
    expect(asDry(real.stdout)).toBe(dry.stdout);
    expect([real.stderr, real.status]).toEqual([dry.stderr, dry.status]);
  });

  it("a second run does nothing and prints nothing", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    host.dropIn(BAR);
    host.switch(2);
    host.check(2, "switch");
    const nothing = { status: 0, stdout: "", stderr: "" };
    const before = host.snapshot();
    expect(container.run(`${COMMAND} activate ${host.toplevel(2)} switch`)).toEqual(nothing);
    expect(container.run(`${COMMAND} run`)).toEqual(nothing);
    expect(host.snapshot()).toBe(before);
  });

  it("test does what switch does, and leaves the files that the boot default needs", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    container.must(`systemctl set-property ${BAR} CPUWeight=50`);
    const dropIns = `${CONTROL}/${BAR}.d`;
    const { stdout } = host.switch(2, { action: "test" });
    expect(stdout).toBe("stopping orphaned MicroVMs: bar\n");
    expect([host.runs("bar"), host.exists(dropIns)]).toEqual([false, true]);
    // The boot default is generation 1 still: a second run leaves them too, and a switch does not.
    expect(host.sweep(2, "run").stdout).toBe("");
    expect(host.exists(dropIns)).toBe(true);
    expect(timeless(host.switch(2).stdout)).toContain(moving(dropIns));
  });

  it("an older generation from the boot menu leaves what the boot default needs", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw"] });
    host.build(2, { vms: ["fw", "bar"] });
    host.current(2);
    host.state("bar");
    const dropIns = host.dropIn(BAR);
    expect(host.activateAtBoot(1)).toMatchObject({ status: 0, stdout: "" });
    expect(host.exists(dropIns)).toBe(true);
  });

  it("at boot files are cleaned, and systemctl is not called", () => {
    const { host, container } = scene;
    removeBar(scene);
    container.must("rm -rf /etc/systemd/system; mkdir -p /etc/systemd/system");
    host.profile(2);
    const dropIns = host.dropIn(BAR);
    const path = host.standIn("systemctl", ": > /root/called");
    const { stdout, status } = host.activateAtBoot(2, { path });
    expect([status, timeless(stdout)]).toEqual([0, moving(dropIns)]);
    expect([host.exists(dropIns), host.exists("/root/called")]).toEqual([false, false]);
  });

  it("while systemd of the initrd runs, too", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.current(2);
    const dropIns = host.dropIn(BAR);
    const path = host.standIn("systemctl", ": > /root/called");
    // NixOS makes it a link into the store of the initrd, which nothing here has.
    container.must("ln -s /nix/store/x-initrd-release /etc/initrd-release");
    const { stdout, status } = host.activate(2, { path });
    container.must("rm /etc/initrd-release");
    expect([status, timeless(stdout)]).toEqual([0, moving(dropIns)]);
    expect(host.exists("/root/called")).toBe(false);
  });

  it("a rollback to the generation that declares a VM leaves it alone, and the next switch stops it again", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    // The first has no sweep: the host upgrades to the page, goes back, and upgrades again.
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    host.switch(1, { sweep: false });
    host.start("bar");
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect(host.runs("bar")).toBe(false);
    expect(host.switch(1).stdout).toBe("");
    host.start("bar");
    expect(host.switch(1).stdout).toBe("");
    expect(host.runs("bar")).toBe(true);
  });

  it("an activation that was killed after the sweep is done again, as NixOS does its own part", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    expect(host.switch(2, { killed: true }).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect(host.switch(2)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect([host.runs("fw"), host.runs("bar")]).toEqual([true, false]);
  });

  it("a VM started by hand runs on where a generation without the sweep was in between", () => {
    const { host } = scene;
    removeBar(scene);
    host.build(3, { vms: ["fw"] });
    host.switch(1);
    // NixOS itself stops no instance here, so bar is stopped and started by hand.
    host.switch(2, { sweep: false });
    host.start("bar");
    const { status, stdout, stderr } = host.switch(3);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("bar");
    expect(host.runs("bar")).toBe(true);
  });

  it("a name that a specialisation declares is stopped, and its files stay", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"], specialisations: { big: { vms: ["fw", "bar"] } } });
    host.current(1);
    for (const name of ["fw", "bar"]) host.state(name);
    host.start("fw", "bar");
    const dropIns = host.dropIn(BAR);
    const { status, stdout } = host.switch(2);
    expect([status, stdout]).toEqual([0, "stopping orphaned MicroVMs: bar\n"]);
    // The specialisation itself, as `switch-to-configuration test` of it does.
    host.switch("2-big", { action: "test" });
    host.start("bar");
    expect(host.switch("2-big", { action: "test" }).stdout).toBe("");
    expect(host.runs("bar")).toBe(true);
    expect(host.switch(2).stdout).toBe("stopping orphaned MicroVMs: bar\n");
    expect(host.exists(dropIns)).toBe(true);
  });

  it("run does what plan says, and stops nothing", () => {
    const { host } = scene;
    removeBar(scene);
    host.current(2);
    const dropIns = host.dropIn(BAR);
    host.start("bar");
    expect(host.sweep(2, "run")).toMatchObject({ status: 0, stdout: "" });
    expect(host.runs("bar")).toBe(true);
    scene.container.must("systemctl stop 'microvm*@bar.service'");
    expect(host.sweep(2, "plan").stdout).toMatch(/^leftover +bar .*files/m);
    const { status, stdout } = host.sweep(2, "run");
    expect([status, timeless(stdout)]).toEqual([0, `${moving(dropIns)}reloading systemd\n`]);
    expect(host.exists(dropIns)).toBe(false);
  });

  it("a plan says what a switch does where the state directory is a link", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["fw"] });
    host.current(1);
    container.must(`
      mkdir --parents /var/lib/microvms/imp /srv/state
      mv /var/lib/microvms /srv/state/ && ln -s /srv/state/microvms /var/lib/microvms`);
    const dropIns = host.dropIn("microvm@imp.service");
    const plan = host.sweep(1, "plan").stdout;
    const { stdout } = host.switch(1);
    container.must("rm -r /var/lib/microvms /srv/state");
    expect([stdout, host.exists(dropIns)]).toEqual(["", true]);
    expect(plan).toMatch(/^imperative +imp +nothing$/m);
    expect(plan).not.toContain(dropIns);
  });

  it("the service stops nothing: it cleans, and names what runs on", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    const dropIns = [host.dropIn(BAR), host.dropIn("microvm@ghost.service")] as const;
    for (const orphans of ["stop", "stop-all"] as const) {
      host.link("/run/current-system", host.toplevel(1));
      const { status, stdout, stderr } = host.switch(2, {
        backend: "service",
        policy: { orphans },
      });
      expect(status).toBe(0);
      expect(stdout).not.toContain("stopping");
      expect(stderr).toContain("bar; to stop it: systemctl stop microvm@bar.service\n");
      expect([host.runs("fw"), host.runs("bar"), host.shutDown()]).toEqual([true, true, []]);
    }
    expect(dropIns.map((path) => host.exists(path))).toEqual([true, false]);
    // Neither after the host module is gone, when a stop would kill.
    host.build(3, { vms: [], templates: false });
    const { stdout, stderr } = host.switch(3, {
      backend: "service",
      policy: { orphans: "stop-all" },
    });
    expect(host.loaded(BAR)).toBe("not-found active");
    expect(stdout).not.toContain("stopping");
    expect(stderr).toMatch(/bar; shut it down from inside/);
    expect([host.runs("bar"), host.shutDown()]).toEqual([true, []]);
  });
};
