import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";

const ROOT = "/nix/var/nix/gcroots/microvm/booted-imp";

/** Bash that mounts FUSE at $1 without a server: looking there fails with ENOTCONN. */
const DEAD_MOUNT = `
  [ -e /dev/fuse ] || mknod /dev/fuse c 10 229
  dead() { mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 dead "$1" 9<> /dev/fuse; }
  dead`;

onEverySystemd("state that cannot be ruled out", (scene) => {
  /** An imperative VM without evidence of its own but its files: drop-ins and a root that dangles. */
  function imperativeElsewhere(fileSystems: readonly string[] = []): string {
    const { host } = scene;
    host.build(1, { vms: ["fw"], fileSystems });
    host.current(1);
    host.link(ROOT, "/var/lib/microvms/imp/booted");
    return host.dropIn("microvm@imp.service");
  }

  function expectKept(dropIns: string): void {
    const { host } = scene;
    const { status, stdout, stderr } = host.switch(1);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/microvm-sweep: state may be there that cannot be seen.*: \//);
    expect(host.exists(dropIns)).toBe(true);
    expect(host.exists(ROOT)).toBe(true);
  }

  it.each(["/var/lib/microvms", "/var/lib", "/var/lib/microvms/imp"])(
    "the file system %s of the configuration is not mounted",
    (path) => {
      const dropIns = imperativeElsewhere([path]);
      scene.host.state("fw");
      expectKept(dropIns);
    },
  );

  it("once it is mounted, what is not there is gone", () => {
    const { host, container } = scene;
    const dropIns = imperativeElsewhere(["/var/lib/microvms"]);
    container.must("mount -t tmpfs none /var/lib/microvms; mkdir /var/lib/microvms/fw");
    expect(host.switch(1).stdout).toContain(`removing stale unit files: ${dropIns}\n`);
    expect(host.exists(dropIns)).toBe(false);
  });

  it("a file system is not mounted where only its automount point is", () => {
    const { host } = scene;
    const dropIns = imperativeElsewhere(["/var/lib/microvms"]);
    host.state("fw");
    const root = "1 0 0:1 / / rw - ext4 /dev/vda rw\n";
    const point =
      "40 1 0:50 / /var/lib/microvms rw,relatime shared:9 - autofs systemd-1 rw,fd=44\n";
    // A container cannot have one.
    const change = (text: string) => text.replaceAll("/proc/self/mountinfo", "/root/mountinfo");
    host.file("/root/mountinfo", root + point);
    expect(host.switch(1, { change }).stdout).toBe("");
    expect([host.exists(dropIns), host.exists(ROOT)]).toEqual([true, true]);
    host.file("/root/mountinfo", root + point + point.replace("autofs", "ext4"));
    expect(host.switch(1, { change }).stdout).toContain(dropIns);
    expect([host.exists(dropIns), host.exists(ROOT)]).toEqual([false, false]);
  });

  it("the state directory is empty and roots exist: what was mounted there by hand is absent", () => {
    expectKept(imperativeElsewhere());
  });

  it("the state directory is absent and roots exist", () => {
    const dropIns = imperativeElsewhere();
    scene.container.must("rmdir /var/lib/microvms");
    expectKept(dropIns);
  });

  it("a dead FUSE mount is the state directory", () => {
    const dropIns = imperativeElsewhere();
    scene.container.must(`${DEAD_MOUNT} /var/lib/microvms`);
    expect(scene.container.run("ls /var/lib/microvms").stderr).toContain("not connected");
    expectKept(dropIns);
  });

  it("a dead FUSE mount is the state directory of one VM", () => {
    const dropIns = imperativeElsewhere();
    scene.host.state("fw");
    scene.container.must(`mkdir /var/lib/microvms/imp; ${DEAD_MOUNT} /var/lib/microvms/imp`);
    try {
      const { stdout } = scene.host.switch(1);
      expect([stdout, scene.host.exists(dropIns), scene.host.exists(ROOT)]).toEqual([
        "",
        true,
        true,
      ]);
    } finally {
      scene.container.must("umount -l /var/lib/microvms/imp");
    }
  });

  it("a dead FUSE mount is above the state directory", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["fw"], stateDir: "/srv/dead/vms" });
    host.current(1);
    host.link(ROOT, "/srv/dead/vms/imp/booted");
    const dropIns = host.dropIn("microvm@imp.service");
    container.must(`mkdir -p /srv/dead; ${DEAD_MOUNT} /srv/dead`);
    try {
      expectKept(dropIns);
    } finally {
      container.must("umount -l /srv/dead; rmdir /srv/dead");
    }
  });

  it("an orphan of this switch is stopped all the same, and its files go", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"], fileSystems: ["/var/lib/microvms"] });
    host.current(1);
    host.start("fw", "bar");
    const dropIns = host.dropIn("microvm@bar.service");
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect([host.runs("bar"), host.runs("fw"), host.exists(dropIns)]).toEqual([false, true, false]);
  });
});
