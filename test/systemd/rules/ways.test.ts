import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const ROOTS = "/nix/var/nix/gcroots/microvm";
const BAR = "microvm@bar.service";

/** What a real run prints, as a dry run would: `stopping X` is `would stop X`. */
function asDry(stdout: string): string {
  const verbs: Record<string, string> = {
    stopping: "stop",
    removing: "remove",
    quarantining: "quarantine",
    reloading: "reload",
    resetting: "reset",
    archiving: "archive",
    deleting: "delete",
  };
  return stdout.replace(/^(\w+ing) /gm, (_all, verb: string) => `would ${verbs[verb]} `);
}

onEverySystemd("the ways to run", (scene) => {
  it("dry-activate prints what switch does, and changes nothing at all", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    host.dropIn(BAR);
    host.link(`${ROOTS}/booted-gone`, "/var/lib/microvms/gone/booted");
    const before = host.snapshot();
    const units = container.must("systemctl list-units --all --no-legend 'microvm*'");
    const dry = host.switch(2, { action: "dry-activate" });
    expect(host.snapshot()).toBe(before);
    expect(container.must("systemctl list-units --all --no-legend 'microvm*'")).toBe(units);
    expect(dry.stdout).toBe(
      "would stop orphaned MicroVMs: bar\n" +
        `would remove stale unit files: ${CONTROL}/microvm@bar.service.d\n` +
        "would reload systemd\n" +
        "would remove dangling garbage collection roots: booted-gone\n",
    );
    const real = host.switch(2);
    expect([asDry(real.stdout), real.stderr, real.status]).toEqual([
      dry.stdout,
      dry.stderr,
      dry.status,
    ]);
    expect(host.runs("bar")).toBe(false);
    expect(host.exists(`${ROOTS}/booted-gone`)).toBe(false);
  });

  /** Hosts on which steps are refused, or follow from a step before. */
  const SCENES: Readonly<Record<string, () => Parameters<typeof scene.host.switch>[1]>> = {
    "a root that dangles only after the VM has stopped": () => {
      const { host } = scene;
      host.link("/var/lib/microvms/bar/booted", "/nix/store/runner-of-bar");
      host.file("/nix/store/runner-of-bar/bin/microvm-run");
      host.link(`${ROOTS}/booted-bar`, "/var/lib/microvms/bar/booted");
      // As microvm-set-booted@ does when it stops.
      host.units({
        "/run/systemd/system/microvm-set-booted@bar.service.d/x.conf":
          "[Service]\nExecStop=/bin/rm /var/lib/microvms/bar/booted\n",
      });
      host.start("bar");
      return {};
    },
    "a root that dangles only after the state has gone": () => {
      const { host } = scene;
      host.file("/nix/store/runner-of-bar/bin/microvm-run");
      host.link("/var/lib/microvms/bar/current", "/nix/store/runner-of-bar");
      host.link(`${ROOTS}/old-bar`, "/var/lib/microvms/bar/current");
      return { policy: { state: "delete", stateDelete: ["bar"] } };
    },
    "an orphan that another VM requires": () => {
      const { host } = scene;
      host.units({
        "/run/systemd/system/microvm@fw.service.d/x.conf": `[Unit]\nRequires=${BAR}\n`,
      });
      host.start("fw");
      return { policy: { state: "archive" } };
    },
    "state with a mount point in it": () => {
      scene.container.must(
        "mkdir /var/lib/microvms/bar/data; mount -t tmpfs none /var/lib/microvms/bar/data",
      );
      return { policy: { state: "archive" } };
    },
    "state that is a link": () => {
      scene.container.must(
        "rm -r /var/lib/microvms/bar; mkdir -p /srv/bar; ln -s /srv/bar /var/lib/microvms/bar",
      );
      return { policy: { state: "archive" } };
    },
    "state that a process of another works in": () => {
      scene.container.must(
        "(cd /var/lib/microvms/bar && exec sleep 300) > /dev/null 2>&1 & echo $! > /root/pid",
      );
      return { policy: { state: "delete", stateDelete: ["bar"] } };
    },
    "state that only the VM itself works in": () => {
      const { host } = scene;
      host.units({
        "/run/systemd/system/microvm@bar.service.d/x.conf":
          "[Service]\nWorkingDirectory=/var/lib/microvms/bar\n",
      });
      host.start("bar");
      return { policy: { state: "archive" } };
    },
    "an archive on another file system": () => {
      scene.container.must(
        "mkdir -p /var/lib/microvm-sweep; mount -t tmpfs none /var/lib/microvm-sweep",
      );
      return { policy: { state: "archive" } };
    },
    "a quarantine on another file system": () => {
      scene.container.must(
        "mkdir -p /var/lib/microvm-sweep; mount -t tmpfs none /var/lib/microvm-sweep",
      );
      scene.host.dropIn(BAR);
      return { policy: { unitFiles: "quarantine" } };
    },
    "a drop-in directory that is a mount point": () => {
      const { host, container } = scene;
      const dropIns = host.dropIn(BAR);
      container.must(`mount -t tmpfs none ${dropIns}`);
      return {};
    },
    "a read-only unit directory": () => {
      const { host, container } = scene;
      host.dropIn(BAR);
      container.must(`mount --bind ${CONTROL} ${CONTROL}; mount -o remount,bind,ro ${CONTROL}`);
      return {};
    },
    "a lingering and an unknown VM, which stay": () => {
      const { host } = scene;
      host.build(0, { vms: ["old"] });
      host.start("old", "who");
      return {};
    },
    "policies that only report": () => {
      const { host } = scene;
      host.dropIn(BAR);
      host.start("bar");
      return { policy: { orphans: "report", unitFiles: "report", gcroots: "keep" } };
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
    const real = host.activate(2, run);
    const time = /\d{8}T\d{6}Z/g;
    expect(asDry(real.stdout).replace(time, "TIME")).toBe(dry.stdout.replace(time, "TIME"));
    expect(real.stderr).toBe(dry.stderr);
    expect(real.status).toBe(dry.status);
  });

  it("test does what switch does", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    expect(host.switch(2, { action: "test" }).stdout).toContain(
      "stopping orphaned MicroVMs: bar\n",
    );
    expect(host.runs("bar")).toBe(false);
  });

  it("boot cleans files and does not call systemctl", () => {
    const { host, container } = scene;
    removeBar(scene);
    container.must("rm -rf /etc/systemd/system; mkdir -p /etc/systemd/system");
    const dropIns = host.dropIn(BAR);
    const { stdout, status } = host.activateAtBoot(2, { systemctl: "/bin/no-such-systemctl" });
    expect([status, stdout]).toEqual([0, `removing stale unit files: ${dropIns}\n`]);
    expect(host.exists(dropIns)).toBe(false);
  });

  it("a rollback to the generation that declares a VM leaves it alone", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    host.switch(2);
    expect(host.switch(1).stdout).toBe("");
    host.start("bar");
    expect(host.switch(1).stdout).toBe("");
    expect(host.runs("bar")).toBe(true);
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
  });

  it("a second switch does nothing and prints nothing", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    host.dropIn(BAR);
    host.switch(2);
    const before = host.snapshot();
    expect(host.activate(2)).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(host.snapshot()).toBe(before);
    expect(host.switch(2)).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  it("run sweeps for the running system alone, and refuses another", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    const { status, stderr } = host.sweep(2, `run --system=${host.toplevel(2)}`);
    expect(status).toBe(2);
    expect(stderr).toContain("run works on the running system");
    expect(host.isActive(BAR)).toBe(true);
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
  });

  it("run does what a switch does, and plan tells it before", () => {
    const { host } = scene;
    removeBar(scene);
    host.current(2);
    const dropIns = host.dropIn(BAR);
    const plan = host.sweep(2, "plan");
    expect(plan.status).toBe(1);
    expect(plan.stdout).toMatch(/^leftover +bar\b/m);
    expect(plan.stdout).toContain(dropIns);
    expect(host.exists(dropIns)).toBe(true);
    expect(host.sweep(2, "explain bar").stdout).toContain("leftover");
    const run = host.sweep(2, "run");
    expect([run.status, run.stdout]).toEqual([
      0,
      `removing stale unit files: ${dropIns}\nreloading systemd\n`,
    ]);
    expect(host.sweep(2, "plan").status).toBe(0);
  });
});
