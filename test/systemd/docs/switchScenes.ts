import { expect } from "vitest";
import {
  COPIED,
  copiedTemplate,
  DRY,
  dropIn,
  type HostScene,
  lingering,
  SWITCH,
  WOULD_STOP_WEB,
} from "./scene.ts";

/** Commands that switch, rename or stop. */
export const SWITCH_SCENES: readonly HostScene[] = [
  {
    first: ["systemctl list-unit-files 'microvm*'; systemctl list-units --all 'microvm*'"],
    prepare: copiedTemplate,
    check: (docs, { stdout }) => {
      expect(stdout).toContain("microvm@.service");
      expect(stdout).toMatch(/microvm@web\.service .* running/u);
      if (stdout.includes(COPIED)) expect(stdout).toContain(dropIn("web"));
      expect(docs.host.runs("web")).toBe(true);
    },
  },
  {
    // "See what the next switch would do": the service stops nothing, so the VM is stopped before.
    first: [`systemctl stop microvm@web.service\n${SWITCH}`],
    page: "docs/service-backend.md",
    prepare: (docs) => docs.beginAndDeclare(["fw", "web"], ["fw"], "--backend service"),
    check: ({ host }) => {
      expect([host.runs("fw"), host.runs("web")]).toEqual([true, false]);
      expect(host.shutDown()).toContain("web");
    },
  },
  {
    first: [SWITCH],
    prepare: (docs) => {
      docs.declare(1, { vms: ["fw", "web"] });
      docs.host.current(1);
      docs.generate();
      expect(docs.shell("sweep-microvms plan").failed).toEqual(["127 sweep-microvms plan"]);
    },
    check: (docs, { stdout, stderr }) => {
      expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
      expect(docs.must("sweep-microvms plan")).toContain("live");
    },
  },
  {
    first: [`${DRY}\n${SWITCH}`],
    prepare: (docs) => {
      docs.begin(["fw", "web"]);
      docs.must("git add microvm-sweep.nix");
      docs.declare(2, { vms: ["fw"] });
      docs.generate();
      expect(docs.must("git diff microvm-sweep.nix")).toContain('\n-    "--vm=web"\n');
    },
    check: (docs, { stdout, stderr }) => {
      const { host } = docs;
      expect(stdout).toContain(WOULD_STOP_WEB);
      expect(stdout).toContain("\nstopping orphaned MicroVMs: web\n");
      expect(stderr).toBe("");
      expect(host.runs("web")).toBe(false);
      expect(host.exists(dropIn("web"))).toBe(false);
      expect(docs.read(`${docs.state("web")}/disk.img`)).toBe("disk of web");
    },
  },
  {
    first: ["systemctl stop microvm@web.service\nmv /var/lib/microvms/web /var/lib/microvms/www"],
    prepare: (docs) => docs.beginAndDeclare(["fw", "web"], ["fw", "www"]),
    check: (docs) => {
      const { host } = docs;
      expect(host.runs("web")).toBe(false);
      const { stderr, failed } = docs.shell("nixos-rebuild switch");
      expect({ stderr, failed }).toEqual({ stderr: "", failed: [] });
      expect([host.runs("www"), host.runs("web")]).toEqual([true, false]);
      expect(docs.read(`${docs.state("www")}/disk.img`)).toBe("disk of web");
      expect(host.exists(docs.state("web"))).toBe(false);
    },
  },
  {
    first: ["systemctl stop microvm@bar.service"],
    prepare: (docs) => {
      lingering(docs);
      // It names the helpers too, which systemd stops with the VM.
      const { stdout } = docs.shell("sweep-microvms plan");
      expect(stdout).toMatch(/to stop it: systemctl stop .*microvm@bar\.service$/mu);
    },
    check: (docs) => {
      expect(docs.host.runs("bar")).toBe(false);
      expect(docs.shell("sweep-microvms plan").stdout).toMatch(/^leftover +bar /mu);
    },
  },
];
