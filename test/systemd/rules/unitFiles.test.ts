import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { TEMPLATES } from "../units.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const RUNTIME = "/run/systemd/system";
const SERVICE = "[Service]\nExecStart=/bin/sleep infinity\n";

onEverySystemd("whose unit files they are", (scene) => {
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

  it("a drop-in directory for all instances with a prefix is the administrator's", () => {
    removeBar(scene);
    const path = `${CONTROL}/microvm@bar-.service.d`;
    scene.host.units({ [`${path}/x.conf`]: "[Service]\nCPUWeight=50\n" });
    expectKept(path);
    const all = `${CONTROL}/microvm-.service.d`;
    scene.host.units({ [`${all}/x.conf`]: "[Service]\nCPUWeight=50\n" });
    scene.host.switch(2);
    expect(scene.host.exists(`${all}/x.conf`)).toBe(true);
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
    const policy = { state: "delete", stateDelete: ["bar"], orphans: "stop-all" } as const;
    const { status, stdout, stderr } = host.switch(2, { policy });
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/microvm-sweep: .*\bbar\b/);
    expect(host.isActive("my-vm@bar.service")).toBe(true);
    expect(host.exists(`${CONTROL}/microvm@bar.service.d/x.conf`)).toBe(true);
    expect(host.exists("/run/systemd/system/microvm@bar.service")).toBe(true);
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
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

  it("a user's own link in microvms.target.wants stays when the module goes", () => {
    const { host } = scene;
    host.build(1, { vms: ["bar"] });
    host.build(2, { vms: [], templates: false });
    host.current(1);
    const wants = "/run/systemd/system/microvms.target.wants";
    host.units({ "/run/systemd/system/my-backup.service": SERVICE });
    host.link(`${wants}/my-backup.service`, "../my-backup.service");
    host.link(`${wants}/microvm@bar.service`, "/nix/store/gone/microvm@.service");
    const { status, stderr } = host.switch(2);
    expect(status).toBe(0);
    expect(stderr).toContain(`${wants}/my-backup.service`);
    expect(host.exists(`${wants}/my-backup.service`)).toBe(true);
    expect(host.exists(`${wants}/microvm@bar.service`)).toBe(false);
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
    ] as const;
    for (const [path, target] of links) host.link(path, target);
    const { stdout } = host.switch(2);
    for (const [path] of links) {
      expect(stdout).toContain(path);
      expect(host.exists(path)).toBe(false);
    }
  });

  it("a unit directory that resolves into the store is skipped whole", () => {
    const { host, container } = scene;
    removeBar(scene);
    const store = "/nix/store/units-of-somebody";
    host.file(`${store}/microvm@ghost.service.d/x.conf`, "[Service]\n");
    container.must(`rm -rf /usr/local/lib/systemd/system; mkdir -p /usr/local/lib/systemd`);
    host.link("/usr/local/lib/systemd/system", store);
    expect(host.switch(2).stdout).toBe("");
    expect(host.exists(`${store}/microvm@ghost.service.d/x.conf`)).toBe(true);
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
    expect(host.switch(2).stdout).toContain(`removing stale unit files: ${dropIns}\n`);
    expect(host.exists(dropIns)).toBe(false);
    container.must(`rm -rf ${directory}`);
  });

  it("a unit directory stays when its last file goes, and systemd with it", () => {
    const { host, container } = scene;
    removeBar(scene);
    container.must('test -z "$(ls -A /run/systemd/system)"');
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
    expect(host.switch(2).stdout).toContain(`removing stale unit files: ${dropIns}\n`);
  });

  it("such a mount is found in a unit directory that is reached by a link", () => {
    const { host, container } = scene;
    removeBar(scene);
    const dropIns = "/run/units/microvm@bar.service.d";
    host.file("/srv/drop-ins/mine.conf", "[Service]\n");
    container.must(
      `ln -sfn /run /srv/run; mkdir -p ${dropIns}/mine; mount --bind /srv/drop-ins ${dropIns}/mine`,
    );
    const { stderr } = host.switch(2, { policy: { unitDirs: ["/srv/run/units"] } });
    container.must(`umount ${dropIns}/mine; rm -r /run/units`);
    expect(stderr).toContain(
      "left alone: /srv/run/units/microvm@bar.service.d, which is stale, and is a mount point",
    );
    expect(host.exists("/srv/drop-ins/mine.conf")).toBe(true);
  });

  it("quarantine keeps unit files under their paths, and deletes those under /run", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.file(`${CONTROL}/microvm@bar.service.d/x.conf`, "[Service]\n");
    host.file(`${RUNTIME}/microvm@bar.service.d/y.conf`, "[Service]\n");
    const { status } = host.switch(2, { policy: { unitFiles: "quarantine" } });
    expect(status).toBe(0);
    expect(host.exists(`${CONTROL}/microvm@bar.service.d`)).toBe(false);
    expect(host.exists(`${RUNTIME}/microvm@bar.service.d`)).toBe(false);
    expect(container.must("cd /var/lib/microvm-sweep/quarantine/*/ && find . -type f")).toBe(
      "./etc/systemd/system.control/microvm@bar.service.d/x.conf\n",
    );
    expect(container.must("ls /var/lib/microvm-sweep/quarantine")).toMatch(/^\d{8}T\d{6}Z\n$/);
  });
});
