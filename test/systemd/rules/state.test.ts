import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { removeBar } from "./removeBar.ts";

const BAR = "/var/lib/microvms/bar";
const ARCHIVE = { state: "archive" } as const;
const BOTH = [ARCHIVE, { state: "delete", stateDelete: ["bar"] } as const];

onEverySystemd("state directories", (scene) => {
  /** Expects that bar's disk is where it was, and that the run failed and named the directory. */
  function expectRefused(policy: (typeof BOTH)[number]): string {
    const { host, container } = scene;
    const { status, stdout, stderr } = host.switch(2, { policy });
    expect(status).toBe(1);
    expect(stdout).not.toMatch(/archiving|deleting/);
    expect(stderr).toMatch(/microvm-sweep: error: .*\/var\/lib\/microvms\/bar\b/);
    expect(container.must(`cat ${BAR}/disk.img`)).toBe("disk of bar");
    return stderr;
  }

  it("archive moves what is gone, and it can be brought back", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    const { status, stdout } = host.switch(2, { policy: ARCHIVE });
    expect(status).toBe(0);
    const path = /archiving state directories: bar -> (\S+)/.exec(stdout)?.[1] ?? "";
    expect(path).toMatch(/^\/var\/lib\/microvm-sweep\/archive\/bar-\d{8}T\d{6}Z$/);
    expect(
      container.must(`cat ${path}/disk.img; stat -c %U ${path}; stat -c %a /var/lib/microvm-sweep`),
    ).toBe("disk of barmicrovm\n700\n");
    expect(host.exists(BAR)).toBe(false);
    expect(host.exists("/var/lib/microvms/fw/disk.img")).toBe(true);
    container.must(`mv ${path} ${BAR}`);
    expect(host.switch(1, { policy: ARCHIVE }).stdout).toBe("");
    host.start("bar");
    expect(container.must(`cat ${BAR}/disk.img`)).toBe("disk of bar");
  });

  it("archive goes to another directory where the policy names one", () => {
    const { host, container } = scene;
    removeBar(scene);
    const { status } = host.switch(2, {
      policy: { state: "archive", archiveDir: "/var/lib/my-archive" },
    });
    expect(status).toBe(0);
    expect(container.must("cat /var/lib/my-archive/bar-*/disk.img")).toBe("disk of bar");
    expect(host.exists("/var/lib/microvm-sweep/archive")).toBe(false);
    container.must("rm -r /var/lib/my-archive");
  });

  it("delete takes only what is named", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar", "baz"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    for (const name of ["fw", "bar", "baz"]) host.state(name);
    const policy = { state: "delete", stateDelete: ["bar", "fw"] } as const;
    expect(host.switch(2, { policy }).stdout).toContain("deleting state directories: bar\n");
    expect(host.exists(BAR)).toBe(false);
    expect(host.exists("/var/lib/microvms/baz/disk.img")).toBe(true);
    expect(host.exists("/var/lib/microvms/fw/disk.img")).toBe(true);
  });

  it.each(BOTH)(
    "nothing moves under `nixos-rebuild test`, the next switch does it: %j",
    (policy) => {
      const { host } = scene;
      removeBar(scene);
      host.start("bar");
      const test = host.switch(2, { action: "test", policy });
      expect(test.status).toBe(0);
      expect(test.stdout).toContain("stopping orphaned MicroVMs: bar\n");
      expect(test.stdout).not.toMatch(/archiving|deleting/);
      expect(host.exists(`${BAR}/disk.img`)).toBe(true);
      const dry = host.switch(2, { action: "dry-activate", policy });
      expect(dry.status).toBe(0);
      expect(host.switch(2, { policy }).stdout).toMatch(
        /(archiving|deleting) state directories: bar/,
      );
      expect(host.exists(BAR)).toBe(false);
    },
  );

  it.each(BOTH)(
    "nothing moves at boot while another generation is the boot default: %j",
    (policy) => {
      const { host } = scene;
      removeBar(scene);
      host.profile(1);
      host.activateAtBoot(2, { policy });
      expect(host.exists(`${BAR}/disk.img`)).toBe(true);
      host.profile(2);
      host.activateAtBoot(2, { policy });
      expect(host.exists(BAR)).toBe(false);
    },
  );

  it.each(BOTH)("nothing moves that a specialisation declares: %j", (policy) => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"], specialisations: { big: { vms: ["fw", "bar"] } } });
    host.current(1);
    host.state("bar");
    const { status, stdout } = host.switch(2, { policy });
    expect([status, stdout]).toEqual([0, ""]);
    expect(host.exists(`${BAR}/disk.img`)).toBe(true);
  });

  it.each(BOTH)("a directory with a mount below it stays: %j", (policy) => {
    const { host, container } = scene;
    removeBar(scene);
    host.file("/srv/data/precious", "precious");
    container.must(`mkdir ${BAR}/data; mount --bind /srv/data ${BAR}/data`);
    const stderr = expectRefused(policy);
    container.must(`umount ${BAR}/data`);
    expect(stderr).toMatch(/mount point/);
    expect(container.must("cat /srv/data/precious")).toBe("precious");
  });

  it.each(BOTH)("a mount is found where a digit follows a space in the path: %j", (policy) => {
    const { host, container } = scene;
    const stateDir = "/srv/vm 1";
    host.build(1, { vms: ["fw", "bar"], stateDir });
    host.build(2, { vms: ["fw"], stateDir });
    host.current(1);
    host.file("/srv/data/precious", "precious");
    host.file(`${stateDir}/bar/disk.img`, "disk of bar");
    host.link(`${stateDir}/bar/toplevel`, "/nix/store/x-guest");
    container.must(`mkdir '${stateDir}/bar/data'; mount --bind /srv/data '${stateDir}/bar/data'`);
    const { status } = host.switch(2, { policy });
    container.must(`umount '${stateDir}/bar/data'`);
    const left = container.must(
      `cat /srv/data/precious '${stateDir}/bar/disk.img'; rm -r '${stateDir}'`,
    );
    expect([status, left]).toEqual([1, "preciousdisk of bar"]);
  });

  it.each(BOTH)("a directory in which a process works stays: %j", (policy) => {
    const { container } = scene;
    removeBar(scene);
    container.must(`mkdir -p ${BAR}/deep/er`);
    container.must(
      `(cd ${BAR}/deep/er && exec sleep 300) > /dev/null 2>&1 & echo $! > /root/pid; sleep 0.2`,
    );
    const stderr = expectRefused(policy);
    expect(stderr).toContain(container.must("cat /root/pid").trim());
    container.must("kill $(cat /root/pid)");
  });

  it.each(BOTH)("a directory in which a process has a file open stays: %j", (policy) => {
    const { container } = scene;
    removeBar(scene);
    container.must(`mkdir -p ${BAR}/deep; echo x > ${BAR}/deep/other.img`);
    container.must(
      `sleep 300 3<> ${BAR}/deep/other.img > /dev/null 2>&1 & echo $! > /root/pid; sleep 0.2`,
    );
    expectRefused(policy);
    container.must("kill $(cat /root/pid)");
  });

  it.each(BOTH)("a live VM's disk inside of a removed VM's directory stays: %j", (policy) => {
    const { host, container } = scene;
    removeBar(scene);
    container.must(
      `mkdir ${BAR}/shared; echo data > ${BAR}/shared/fw.img; chmod 0666 ${BAR}/shared/fw.img`,
    );
    host.units({
      "/run/systemd/system/microvm@fw.service.d/disk.conf": `[Service]\nExecStart=\nExecStart=/bin/bash -c 'exec 5<> ${BAR}/shared/fw.img; systemd-notify --ready; exec sleep infinity'\n`,
    });
    host.start("fw", "bar");
    expectRefused(policy);
    expect([host.runs("fw"), host.runs("bar")]).toEqual([true, false]);
    expect(container.must(`cat ${BAR}/shared/fw.img`)).toBe("data\n");
  });

  it.each(BOTH)("a link in the place of a directory is not followed: %j", (policy) => {
    const { host, container } = scene;
    removeBar(scene);
    host.file("/srv/data/precious", "precious");
    container.must(`rm -rf ${BAR}; ln -s /srv/data ${BAR}`);
    const { status, stderr } = host.switch(2, { policy });
    expect(status).toBe(1);
    expect(stderr).toContain(`${BAR} is a symbolic link, which is not followed`);
    expect(container.must(`readlink ${BAR}; cat /srv/data/precious`)).toBe("/srv/data\nprecious");
  });

  it.each(["mount -t tmpfs none", "mkdir -p /srv/sweep; mount --bind /srv/sweep"])(
    "archive is refused where it would cross a file system: %s",
    (mount) => {
      const { host, container } = scene;
      removeBar(scene);
      container.must(`mkdir -p /var/lib/microvm-sweep; ${mount} /var/lib/microvm-sweep`);
      const dry = host.switch(2, { action: "dry-activate", policy: ARCHIVE });
      const { status, stderr } = host.switch(2, { policy: ARCHIVE });
      expect([dry.status, status]).toEqual([1, 1]);
      for (const text of [dry.stderr, stderr])
        expect(text).toContain(
          "and /var/lib/microvms are on different file systems, so nothing is archived",
        );
      expect(host.exists(`${BAR}/disk.img`)).toBe(true);
    },
  );

  it("where stateDir changes in the same switch, imperative VMs keep their files and an orphan's directory is named", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"], stateDir: "/srv/vms" });
    host.current(1);
    for (const name of ["fw", "bar"]) host.state(name);
    host.state("imp", { declarative: false });
    host.link("/nix/var/nix/gcroots/microvm/booted-imp", "/var/lib/microvms/imp/booted");
    const dropIns = host.dropIn("microvm@imp.service");
    container.must("mkdir -p /srv/vms/fw");
    host.start("fw", "bar");
    const { stdout, stderr } = host.switch(2, { policy: ARCHIVE });
    expect(stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect(stderr).toContain(BAR);
    expect(host.exists(dropIns)).toBe(true);
    expect(host.exists("/nix/var/nix/gcroots/microvm/booted-imp")).toBe(true);
    expect(host.exists("/var/lib/microvms/imp/disk.img")).toBe(true);
    container.must("rm -r /srv/vms");
  });

  it("the state directory that only the record knows is looked at too", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["fw", "bar"], stateDir: "/srv/old" });
    host.build(2, { vms: ["fw"], stateDir: "/srv/new" });
    host.build(3, { vms: ["fw"], stateDir: "/srv/new" });
    host.current(1);
    for (const name of ["fw", "bar"]) host.state(name, { stateDir: "/srv/old" });
    host.state("imp", { declarative: false, stateDir: "/srv/old" });
    const dropIns = host.dropIn("microvm@imp.service");
    container.must("mkdir -p /srv/new/fw /var/lib/microvms/x");
    host.switch(1);
    host.start("fw", "bar");
    const { stdout, stderr } = host.switch(2, { policy: ARCHIVE });
    expect(stdout).toContain("stopping orphaned MicroVMs: bar\n");
    expect(stderr).toContain("/srv/old/bar");
    expect(host.exists(dropIns)).toBe(true);
    expect(container.must("cat /srv/old/imp/disk.img")).toBe("disk of imp");
    container.must("rm -r /srv/old /srv/new");
  });

  it("what a deletion that was killed has left is deleted by the next run", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.switch(1);
    container.must(
      `rm /nix/var/nix/profiles/system-1-link; ln -sfn ${host.toplevel(2)} /run/booted-system`,
    );
    const policy = { state: "delete", stateDelete: ["bar"] } as const;
    host.file(
      "/opt/faults/rm",
      `#!/bin/bash\n[[ $* != *microvms* ]] || { /bin/rm -f ${BAR}/toplevel; kill -KILL $PPID; exit; }\nexec /bin/rm "$@"\n`,
    );
    container.must(
      'chmod +x /opt/faults/rm; for tool in /opt/sweep/*; do ln -sn "$tool" /opt/faults/ 2> /dev/null; done; true',
    );
    host.switch(2, { policy, path: "/opt/faults" });
    container.must("rm -r /opt/faults");
    expect(host.exists(`${BAR}/toplevel`)).toBe(false);
    expect(host.exists(`${BAR}/disk.img`)).toBe(true);
    expect(host.switch(2, { policy }).stdout).toContain("deleting state directories: bar\n");
    expect(host.exists(BAR)).toBe(false);
    expect(host.switch(2, { policy }).stdout).toBe("");
  });
});
