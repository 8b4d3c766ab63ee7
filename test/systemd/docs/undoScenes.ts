import { expect } from "vitest";
import { TEMPLATES } from "../units.ts";
import type { DocumentedHost } from "./documentedHost.ts";
import { COPIED, copiedTemplate, dropIn, type HostScene, TIME } from "./scene.ts";

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
    first: [`cp -a /var/lib/microvm-sweep/removed/${TIME}/. / && systemctl daemon-reload`],
    prepare: (docs) => {
      copiedTemplate(docs);
      docs.declare(2, { vms: [], templates: false });
      docs.generate();
      docs.must("nixos-rebuild switch");
      expect([COPIED, dropIn("web")].filter((path) => docs.host.exists(path))).toEqual([]);
      docs.must(`cd /var/lib/microvm-sweep/removed && mv * ${TIME}`);
    },
    check: (docs) => {
      expect(docs.read(COPIED)).toBe(TEMPLATES["microvm@.service"]);
      expect(docs.host.exists(dropIn("web"))).toBe(true);
      expect(docs.host.loaded("microvm@web.service")).toBe("loaded inactive");
    },
  },
  {
    first: [`rm -r ${COPIED} ${dropIn("web")}\nsystemctl daemon-reload`],
    prepare: (docs) => {
      copiedTemplate(docs);
      docs.host.build(3, { vms: [], templates: false });
      docs.host.current(3);
      docs.container.must("systemctl stop microvm@web.service; systemctl daemon-reload");
      expect(docs.host.loaded("microvm@web.service")).toBe("loaded inactive");
    },
    check: (docs) => expect(docs.host.loaded("microvm@web.service")).toBe("not-found inactive"),
  },
  {
    first: ["sweep-microvms archive --dry-run web"],
    prepare: removed,
    check: (docs, { stdout }) => {
      expect(stdout).toContain(docs.state("web"));
      expect(docs.host.exists(docs.state("web"))).toBe(true);
    },
  },
  {
    // A block has no terminal to type the name on.
    first: ["sweep-microvms archive web"],
    prepare: removed,
    failed: ["2 sweep-microvms archive web"],
    check: (docs, { stderr }) => {
      expect(stderr).toContain("--yes");
      docs.must("sweep-microvms archive --yes web");
      expect(docs.host.exists(docs.state("web"))).toBe(false);
      expect(docs.must("cat /var/lib/microvms/+archive/web/disk.img")).toBe("disk of web");
    },
  },
  {
    first: ["rm -r /var/lib/microvms/+archive/web"],
    prepare: (docs) => archived(docs, "web"),
    check: (docs) => expect(docs.must("ls /var/lib/microvms/+archive")).toBe(""),
  },
  {
    first: ["sweep-microvms delete --yes web"],
    prepare: removed,
    check: (docs) => {
      expect(docs.host.exists(docs.state("web"))).toBe(false);
      expect(docs.must("ls /nix/var/nix/gcroots/microvm")).toBe("");
    },
  },
  {
    first: ["mv /var/lib/microvms/+archive/bar /var/lib/microvms/bar"],
    prepare: (docs) => {
      archived(docs, "bar");
      docs.declare(3, { vms: ["bar", "fw"] });
      docs.generate();
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
      docs.must(`chattr +i ${dropIn("bar")}`);
      const { stderr, failed } = docs.shell("nixos-rebuild switch");
      expect(failed).toEqual(["4 nixos-rebuild switch"]);
      expect(stderr).toContain("microvm-sweep: error:");
      // "Remove the cause and run the sweep again."
      // A second later, because a run makes a directory that has the second in its name.
      docs.must(`chattr -i ${dropIn("bar")}; sleep 1`);
    },
    check: (docs, { stdout }) => {
      expect(stdout).toContain(`\ngo    ${dropIn("bar")}\n`);
      expect(stdout).toMatch(/^moving unit files to .*microvm@bar\.service\.d$/mu);
      expect(docs.host.exists(dropIn("bar"))).toBe(false);
      docs.must("sweep-microvms plan");
    },
  },
];

/** A host that has switched without `web`, which has left its disk and a root. */
function removed(docs: DocumentedHost): void {
  docs.beginAndDeclare(["fw", "web"], ["fw"]);
  docs.must("nixos-rebuild switch");
  expect(docs.host.runs("web")).toBe(false);
}

/** A host that has archived a removed VM. */
function archived(docs: DocumentedHost, name: string): void {
  docs.beginAndDeclare(["fw", name], ["fw"]);
  docs.must(`nixos-rebuild switch && sweep-microvms archive --yes ${name}`);
  expect(docs.host.exists(docs.state(name))).toBe(false);
}
