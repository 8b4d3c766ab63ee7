import { expect, it } from "vitest";
import type { Tests } from "../onSystemd.ts";
import { TEMPLATES } from "../units.ts";
import { moving, REMOVED, timeless } from "./output.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const RUNTIME = "/run/systemd/system";
const SERVICE = "[Service]\nExecStart=/bin/sleep infinity\n";

export const unitFiles: Tests = (scene) => {
  /** Removes bar, of which the administrator has this file; expects that it stays and is named. */
  function expectKept(path: string): void {
    const { host } = scene;
    const ours = host.dropIn("microvm-virtiofsd@bar.service");
    const { status, stdout, stderr } = host.switch(2);
    expect(status).toBe(0);
    expect(stdout).not.toContain(path);
    expect(stderr).toContain(path);
    expect(host.exists(path)).toBe(true);
    // The file does not hold those that are ours.
    expect(stdout).toContain(ours);
    expect(host.exists(ours)).toBe(false);
  }

  it("a whole unit file of an instance is the administrator's", () => {
    removeBar(scene);
    const path = `${RUNTIME}/microvm-tap-interfaces@bar.service`;
    scene.host.units({ [path]: SERVICE });
    expectKept(path);
  });

  it.each(["timer", "socket", "path"])(
    "a %s unit of an instance is the administrator's",
    (kind) => {
      removeBar(scene);
      const texts: Record<string, string> = {
        timer: "[Timer]\nOnActiveSec=1d\n",
        socket: "[Socket]\nListenStream=/run/my-bar\n",
        path: "[Path]\nPathExists=/nonexistent\n",
      };
      const path = `${RUNTIME}/microvm@bar.${kind}`;
      scene.host.units({ [path]: texts[kind] ?? "" });
      expectKept(path);
    },
  );

  it("a link to a unit outside of the store is the administrator's", () => {
    removeBar(scene);
    const path = `${RUNTIME}/microvm-pci-devices@bar.service`;
    scene.host.units({ "/srv/units/microvm-pci-devices@bar.service": SERVICE });
    scene.host.link(path, "/srv/units/microvm-pci-devices@bar.service");
    expectKept(path);
  });

  it("a drop-in directory for all units with one beginning stays, silently", () => {
    const { host } = scene;
    removeBar(scene);
    const directories = ["microvm@bar-.service.d", "microvm-.service.d"].map(
      (name) => `${CONTROL}/${name}`,
    );
    for (const directory of directories) host.file(`${directory}/x.conf`, "[Service]\n");
    expect(host.switch(2)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    for (const directory of directories) expect(host.exists(`${directory}/x.conf`)).toBe(true);
  });

  it("a mask of an instance is the administrator's, and nothing of that VM is touched", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    const dropIns = host.dropIn("microvm-virtiofsd@bar.service");
    container.must("systemctl mask --runtime microvm@bar.service");
    const { status, stdout, stderr } = host.switch(2);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/microvm-sweep: .*\bbar\b/);
    expect(host.exists("/run/systemd/system/microvm@bar.service")).toBe(true);
    expect([host.runs("bar"), host.exists(dropIns)]).toEqual([true, true]);
    container.must("systemctl unmask --runtime microvm@bar.service");
  });

  it("an alias of the administrator's unit: bar counts as running, and nothing of it moves", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.units({
      "/run/systemd/system/my-vm@.service": SERVICE,
      [`${CONTROL}/microvm@bar.service.d/x.conf`]: "[Service]\nCPUWeight=50\n",
    });
    host.link("/run/systemd/system/microvm@bar.service", "my-vm@.service");
    container.must("systemctl daemon-reload; systemctl start microvm@bar.service");
    const { status, stdout, stderr } = host.switch(2, { policy: { orphans: "stop-all" } });
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/microvm-sweep: .*\bbar\b/);
    expect(host.isActive("my-vm@bar.service")).toBe(true);
    expect(host.exists(`${CONTROL}/microvm@bar.service.d/x.conf`)).toBe(true);
    expect(host.exists("/run/systemd/system/microvm@bar.service")).toBe(true);
  });

  it("an alias of a running instance is no ghost, and neither is that instance", () => {
    const { host, container } = scene;
    host.build(1, { vms: [] });
    host.current(1);
    host.link("/run/systemd/system/my-vm@bar.service", "microvm@bar.service");
    host.units({ "/run/systemd/system/microvm@bar.service": SERVICE });
    const dropIns = host.dropIn("microvm@bar.service");
    container.must("systemctl daemon-reload; systemctl start my-vm@bar.service");
    const { status, stdout, stderr } = host.switch(1);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/microvm-sweep: .*\bbar\b/);
    expect([host.runs("bar"), host.exists(dropIns)]).toEqual([true, true]);
  });

  it("a template that `systemctl link` has linked stays while its file exists", () => {
    const { host, container } = scene;
    host.build(1, { vms: [], templates: false });
    host.current(1);
    const path = "/run/systemd/system/microvm@.service";
    host.file("/srv/units/microvm@.service", TEMPLATES["microvm@.service"]);
    container.must("systemctl link --runtime /srv/units/microvm@.service");
    expect(host.exists(path)).toBe(true);
    const { stdout, stderr } = host.switch(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(path);
    expect(host.exists(path)).toBe(true);
    // What leads nowhere is of no use to anybody.
    container.must("rm /srv/units/microvm@.service");
    expect(host.switch(1).stdout).toContain(`removing stale unit files: ${path}\n`);
    expect(host.exists(path)).toBe(false);
  });

  it("links into the store and links that lead nowhere are ours", () => {
    const { host } = scene;
    removeBar(scene);
    const links = [
      [
        `${RUNTIME}/microvm-tap-interfaces@bar.service`,
        "/nix/store/gone/microvm-tap-interfaces@.service",
      ],
      [
        `${RUNTIME}/microvm-pci-devices@bar.service`,
        "/etc/static/systemd/system/microvm-pci-devices@bar.service",
      ],
      [`${RUNTIME}/microvm-virtiofsd@bar.service`, "/srv/units/microvm-virtiofsd@bar.service"],
      // `systemctl add-wants --runtime` links to /etc/systemd/system, which leads into the store.
      [
        `${RUNTIME}/my-own.target.wants/microvm@bar.service`,
        "/etc/systemd/system/microvm@.service",
      ],
    ] as const;
    for (const [path, target] of links) host.link(path, target);
    const { stdout } = host.switch(2);
    for (const [path] of links) {
      expect(stdout).toContain(path);
      expect(host.exists(path)).toBe(false);
    }
  });

  it.each([
    "/etc/systemd/system.attached",
    "/run/systemd/system.attached",
    "/usr/local/lib/systemd/system",
  ])("unit files in %s are found", (directory) => {
    const { host, container } = scene;
    removeBar(scene);
    const dropIns = `${directory}/microvm@bar.service.d`;
    host.file(`${dropIns}/x.conf`, "[Service]\n");
    const { stdout } = host.switch(2);
    expect(timeless(stdout)).toContain(
      directory.startsWith("/run") ? `removing stale unit files: ${dropIns}\n` : moving(dropIns),
    );
    expect(host.exists(dropIns)).toBe(false);
    container.must(`rm -rf ${directory}`);
  });

  it("a unit directory stays when its last file goes, and systemd with it", () => {
    const { host, container } = scene;
    removeBar(scene);
    const paths = [RUNTIME, CONTROL, "/run/systemd/system.control"].map(
      (directory) => `${directory}/microvm@bar.service.d`,
    );
    for (const path of paths) host.file(`${path}/x.conf`, "[Service]\n");
    host.link(`${RUNTIME}/my-own.target.wants/microvm@bar.service`, "/nix/store/gone/x.service");
    expect(host.switch(2).stdout).toContain(paths[0]);
    for (const path of paths) expect(host.exists(path)).toBe(false);
    for (const directory of [RUNTIME, CONTROL, "/run/systemd/system.control"])
      expect(host.exists(directory)).toBe(true);
    expect(container.must("systemctl is-system-running || true")).not.toBe("offline\n");
  });

  it("a drop-in directory that is a mount point stays, with what is mounted there", () => {
    const { host, container } = scene;
    removeBar(scene);
    const dropIns = `${CONTROL}/microvm@bar.service.d`;
    host.file("/srv/drop-ins/mine.conf", "[Service]\n");
    container.must(`mkdir -p ${dropIns}; mount --bind /srv/drop-ins ${dropIns}`);
    const { status, stdout, stderr } = host.switch(2);
    container.must(`umount ${dropIns}`);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain(
      `microvm-sweep: left alone: ${dropIns}, which is stale, and is a mount point or has one in it\n`,
    );
    expect(host.exists("/srv/drop-ins/mine.conf")).toBe(true);
    expect(timeless(host.switch(2).stdout)).toContain(moving(dropIns));
  });

  it("a drop-in directory with a mount point in it stays too", () => {
    const { host, container } = scene;
    removeBar(scene);
    const dropIns = host.dropIn("microvm@bar.service");
    container.must(`mkdir '${dropIns}/a b'; mount -t tmpfs none '${dropIns}/a b'`);
    const { status, stdout, stderr } = host.switch(2);
    container.must(`umount '${dropIns}/a b'`);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain(`left alone: ${dropIns}, which is stale, and is a mount point or has`);
  });

  it("a read-only directory stays as it is, and is named", () => {
    const { host, container } = scene;
    removeBar(scene);
    const dropIns = host.dropIn("microvm@bar.service");
    const runtime = `${RUNTIME}/microvm@bar.service.d`;
    host.file(`${runtime}/x.conf`, "[Service]\n");
    container.must(`mount --bind ${CONTROL} ${CONTROL}; mount -o remount,bind,ro ${CONTROL}`);
    const dry = host.activate(2, { action: "dry-activate" });
    const { status, stdout, stderr } = host.switch(2);
    expect([status, stdout]).toEqual([
      0,
      `removing stale unit files: ${runtime}\nreloading systemd\n`,
    ]);
    expect(stderr).toBe(
      `microvm-sweep: left alone: ${dropIns}, which is stale, in a directory that is read-only\n`,
    );
    expect(dry.stderr).toBe(stderr);
    expect(host.exists(dropIns)).toBe(true);
  });

  it("what somebody wrote moves with all it has, under its path; links and files under /run are deleted", () => {
    const { host, container } = scene;
    removeBar(scene);
    const dropIns = host.dropIn("microvm@bar.service");
    host.file(`${dropIns}/deep/er/mine.conf`, "[Service]\nNice=7\n");
    host.link(`${dropIns}/link.conf`, "/srv/elsewhere.conf");
    const other = host.dropIn("microvm-virtiofsd@bar.service");
    host.file("/usr/local/lib/systemd/system/microvm@bar.service.d/local.conf", "[Unit]\n");
    host.file(`${RUNTIME}/microvm@bar.service.d/y.conf`, "[Service]\n");
    const want = `${CONTROL}/my-own.target.wants/microvm@bar.service`;
    host.link(want, "/nix/store/gone/microvm@.service");
    container.must(
      `chmod 0640 ${dropIns}/deep/er/mine.conf; chown microvm ${dropIns}/deep/er/mine.conf`,
    );
    const { status, stdout, stderr } = host.switch(2);
    expect([status, stderr]).toEqual([0, ""]);
    for (const path of [dropIns, other, want, `${RUNTIME}/microvm@bar.service.d`]) {
      expect(stdout).toContain(path);
      expect(host.exists(path)).toBe(false);
    }
    expect(
      container.must(
        `cd ${REMOVED}/*Z && find . -mindepth 4 ! -type d -printf '%P %m %u %l\n' | sort`,
      ),
    ).toBe(
      "etc/systemd/system.control/microvm-virtiofsd@bar.service.d/50-CPUWeight.conf 644 root \n" +
        "etc/systemd/system.control/microvm@bar.service.d/50-CPUWeight.conf 644 root \n" +
        "etc/systemd/system.control/microvm@bar.service.d/deep/er/mine.conf 640 microvm \n" +
        "etc/systemd/system.control/microvm@bar.service.d/link.conf 777 root /srv/elsewhere.conf\n" +
        "usr/local/lib/systemd/system/microvm@bar.service.d/local.conf 644 root \n",
    );
    expect(container.must(`ls ${REMOVED}`)).toMatch(/^\d{8}T\d{6}Z\n$/);
    // The way back is one command, which copies the modes of directories too.
    const modes = () => container.must(`stat -c %a / /etc /etc/systemd ${CONTROL} /usr/local`);
    const before = modes();
    container.must(`cp -a ${REMOVED}/*Z/. /`);
    expect(modes()).toBe(before);
    expect(container.must(`stat -c %a ${REMOVED}`)).toBe("700\n");
    expect(container.must(`cat ${dropIns}/deep/er/mine.conf`)).toBe("[Service]\nNice=7\n");
  });

  it("where TIME exists already, a place of its own is made, and nothing there is overwritten", () => {
    const { host, container } = scene;
    removeBar(scene);
    const dropIns = host.dropIn("microvm@bar.service");
    // For the next two minutes, with a file of the same path in each.
    container.must(`
      mkdir -p ${REMOVED}; now=$(date +%s)
      for ((i = -5; i < 120; i++)); do
        TZ=UTC0 printf '%(%Y%m%dT%H%M%SZ)T\\n' $((now + i))
      done | while read -r time; do mkdir -p "${REMOVED}/$time${dropIns}"; echo mine > "${REMOVED}/$time${dropIns}/50-CPUWeight.conf"; done`);
    const before = container.must(`cd ${REMOVED} && find *Z | sort | md5sum`);
    const { status, stdout } = host.switch(2);
    expect(status).toBe(0);
    const [, place = ""] = /^moving unit files to (\S+): /m.exec(stdout) ?? [];
    expect(place).toMatch(/\d{8}T\d{6}Z-\d+$/);
    expect(host.exists(dropIns)).toBe(false);
    expect(container.must(`cat ${place}${dropIns}/50-CPUWeight.conf`)).toBe(
      "[Service]\nCPUWeight=50\n",
    );
    expect(container.must(`cd ${REMOVED} && find *Z | sort | md5sum`)).toBe(before);
    expect(container.must(`cat ${REMOVED}/*Z${dropIns}/50-CPUWeight.conf | sort -u`)).toBe(
      "mine\n",
    );
  });

  it("a link whose target goes in the same run goes with it", () => {
    const { host } = scene;
    removeBar(scene);
    const target = "/usr/local/lib/systemd/system/microvm-virtiofsd@bar.service.d";
    host.file(`${target}/mine.conf`, "[Unit]\n");
    const link = `${CONTROL}/microvm-virtiofsd@bar.service.d`;
    host.link(link, target);
    const { status, stdout, stderr } = host.switch(2);
    expect([status, stderr]).toEqual([0, ""]);
    expect(timeless(stdout)).toBe(
      `removing stale unit files: ${link}\n${moving(target)}reloading systemd\n`,
    );
    expect([host.exists(target), host.exists(link)]).toEqual([false, false]);
  });

  it("under report all files stay, and are named", () => {
    const { host } = scene;
    removeBar(scene);
    const dropIns = host.dropIn("microvm@bar.service");
    const { status, stdout, stderr } = host.switch(2, { policy: { unitFiles: "report" } });
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(RegExp(`^microvm-sweep: left alone: ${dropIns}, which is stale`));
    expect(host.exists(dropIns)).toBe(true);
  });

  it("a run in which other software makes and removes units succeeds", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    container.must(`
      (cd ${RUNTIME}; while :; do mkdir -p microvm{,-virtiofsd}@fw.service.d my-{0..9}.service.wants; rm -rf microvm*@fw* my-*; done) > /dev/null 2>&1 &
      echo $! > /root/pid`);
    const dropIns = host.dropIn("microvm@bar.service");
    host.profile(2);
    for (let run = 0; run < 5; run += 1) {
      const { status, stderr } = host.activate(2);
      expect([status, stderr]).toEqual([0, ""]);
    }
    container.must(`kill -KILL $(cat /root/pid); rm -rf ${RUNTIME}/microvm*`);
    expect([host.runs("bar"), host.exists(dropIns)]).toEqual([false, false]);
  });
};
