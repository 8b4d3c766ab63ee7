import { expect } from "vitest";
import { TEMPLATES } from "../units.ts";
import { dropIn, type HostScene, TIME } from "./scene.ts";

/** Ways back, and what removes for good. */
export const UNDO_SCENES: readonly HostScene[] = [
  {
    first: ["nixos-rebuild switch --rollback"],
    prepare: (docs) => {
      docs.beginAndDeclare(["fw", "web"], ["fw"]);
      docs.must("nixos-rebuild switch");
      expect(docs.host.runs("web")).toBe(false);
    },
    check: (docs, { stdout, stderr }) => {
      expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
      expect(docs.host.runs("web")).toBe(true);
      expect(docs.read(`${docs.state("web")}/disk.img`)).toBe("disk of web");
      expect(docs.must("sweep-microvms plan")).toMatch(/^live +web /mu);
    },
  },
  {
    // "add its name to the keep list, switch, and start it"
    first: ["systemctl start microvm@bar.service"],
    prepare: (docs) => {
      docs.beginAndDeclare(["fw", "bar"], ["fw"]);
      docs.must("nixos-rebuild switch");
      docs.generate("--keep bar");
      docs.must("nixos-rebuild switch");
      expect(docs.host.runs("bar")).toBe(false);
    },
    check: (docs) => {
      docs.declare(3, { vms: [] });
      docs.generate("--keep bar --orphans stop-all");
      const { stdout, stderr } = docs.shell("nixos-rebuild switch");
      expect(stdout).toContain("stopping orphaned MicroVMs: fw\n");
      expect(stdout + stderr).not.toContain("bar");
      expect(docs.host.runs("bar")).toBe(true);
    },
  },
  {
    first: [
      `cp -a /var/lib/microvm-sweep/quarantine/${TIME}/etc/systemd/system/. /etc/systemd/system/\nsystemctl daemon-reload`,
    ],
    prepare: (docs) => {
      const { host } = docs;
      // The host module was removed, and its files are in a writable directory.
      host.build(1, { vms: ["fw"], templates: false });
      docs.declare(2, { vms: [], templates: false });
      host.current(1);
      docs.container.must("rm /etc/systemd/system; mkdir /etc/systemd/system");
      host.units({
        "/etc/systemd/system/microvm@.service": TEMPLATES["microvm@.service"] ?? "",
        "/etc/systemd/system/microvm@bar.service.d/my.conf": "[Service]\nNice=7\n",
      });
      docs.generate("--unit-files quarantine");
      docs.must("nixos-rebuild switch");
      expect(docs.must("find /etc/systemd/system -name 'microvm*'")).toBe("");
      docs.must(`cd /var/lib/microvm-sweep/quarantine && mv * ${TIME}`);
    },
    check: (docs) => {
      const unit = "/etc/systemd/system/microvm@.service";
      expect(docs.read(unit)).toBe(TEMPLATES["microvm@.service"]);
      const nice = "systemctl show --property=Nice --value microvm@bar.service";
      expect(docs.must(nice)).toBe("7\n");
      expect(docs.host.loaded("microvm@bar.service")).toBe("loaded inactive");
    },
  },
  {
    first: [`mv /var/lib/microvm-sweep/archive/bar-${TIME} /var/lib/microvms/bar`],
    prepare: (docs) => {
      docs.beginAndDeclare(["fw", "bar"], ["fw"], "--state archive");
      docs.must("nixos-rebuild switch");
      expect(docs.host.exists(docs.state("bar"))).toBe(false);
      docs.must(`cd /var/lib/microvm-sweep/archive && mv bar-* bar-${TIME}`);
      docs.declare(3, { vms: ["bar", "fw"] });
      docs.generate("--state archive");
    },
    check: (docs, { stdout, stderr }) => {
      expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
      expect(docs.read(`${docs.state("bar")}/disk.img`)).toBe("disk of bar");
      expect(docs.host.runs("bar")).toBe(true);
      expect(docs.must("sweep-microvms plan")).toMatch(/^live +bar /mu);
    },
  },
  {
    first: ["sweep-microvms plan\nsweep-microvms run"],
    prepare: (docs) => {
      docs.beginAndDeclare(["fw", "bar"], ["fw"]);
      docs.must(`chattr +i ${dropIn("bar")}/*`);
      const { stderr, failed } = docs.shell("nixos-rebuild switch");
      expect(failed).toEqual(["4 nixos-rebuild switch"]);
      expect(stderr).toContain("microvm-sweep: error:");
      // "Remove the cause and run the sweep again."
      docs.must(`chattr -i ${dropIn("bar")}/*`);
    },
    failed: ["1 sweep-microvms plan"],
    check: (docs, { stdout }) => {
      expect(stdout).toContain(`\nwould remove stale unit files: ${dropIn("bar")}\n`);
      expect(stdout).toContain(`\nremoving stale unit files: ${dropIn("bar")}\n`);
      expect(docs.host.exists(dropIn("bar"))).toBe(false);
      docs.must("sweep-microvms plan");
    },
  },
  {
    first: ["name=web\nsystemctl is-active "],
    page: "docs/containers.md",
    prepare: ({ container, host }) => {
      for (const name of ["web", "stay"]) {
        host.file(`/var/lib/nixos-containers/${name}/var/lib/db`, "data");
        host.dropIn(`container@${name}.service`);
        container.must(`
          mkdir -p /var/lib/nixos-containers/${name}/var/empty /nix/var/nix/{profiles,gcroots}/per-container/${name}
          chattr +i /var/lib/nixos-containers/${name}/var/empty`);
      }
      container.must(`
        mkdir -p /var/log/journal/0123 /var/lib/elsewhere
        ln -sfn /var/lib/nixos-containers/web/var/log/journal/4567 /var/log/journal/4567
        ln -sfn /var/lib/elsewhere /var/log/journal/89ab`);
    },
    // "must say inactive", "must not exist"
    failed: [
      '3 systemctl is-active "container@$name.service"',
      '2 ls -l "/etc/nixos-containers/$name.conf"',
    ],
    check: ({ container, host }, { stdout }) => {
      expect(stdout).toBe("inactive\n");
      const left = container.must(`
        find /var/lib/nixos-containers /nix/var/nix/{profiles,gcroots}/per-container -mindepth 1 -maxdepth 1
        ls -d /etc/systemd/system.control/container@*
        cd /var/log/journal; ls -d 0123 4567 89ab 2> /dev/null || true
        chattr -i /var/lib/nixos-containers/stay/var/empty`);
      expect(left.trim().split("\n")).toEqual([
        "/var/lib/nixos-containers/stay",
        "/nix/var/nix/profiles/per-container/stay",
        "/nix/var/nix/gcroots/per-container/stay",
        "/etc/systemd/system.control/container@stay.service.d",
        "0123",
        "89ab",
      ]);
      expect(host.exists("/var/lib/nixos-containers/stay/var/lib/db")).toBe(true);
    },
  },
];
