import { expect } from "vitest";
import { DRY, dropIn, type HostScene, lingering, SWITCH, WOULD_STOP_WEB } from "./scene.ts";

/** Commands that switch, rename or stop. */
export const SWITCH_SCENES: readonly HostScene[] = [
  {
    first: [DRY],
    page: "docs/tutorial.md",
    prepare: (docs) => docs.begin(["fw", "web"]),
    // "On a clean host the sweep prints nothing."
    check: (_, { stdout, stderr }) =>
      expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" }),
  },
  {
    first: [DRY],
    page: "docs/service-backend.md",
    prepare: (docs) => docs.beginAndDeclare(["fw", "web"], ["fw"], "--backend service"),
    check: ({ host }, { stdout, stderr }) => {
      expect(stdout + stderr).toContain(WOULD_STOP_WEB);
      expect(host.runs("web")).toBe(true);
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
    first: [`git diff microvm-sweep.nix\n${DRY}\n${SWITCH}`, `${DRY}\n${SWITCH}`],
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
      expect(stderr).toContain(`state directories kept: ${docs.state("web")}\n`);
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
      expect(stdout).toMatch(/to stop: systemctl stop .*microvm@bar\.service$/mu);
    },
    check: (docs) => {
      expect(docs.host.runs("bar")).toBe(false);
      expect(docs.shell("sweep-microvms plan").stdout).toMatch(/^leftover +bar /mu);
    },
  },
  {
    first: [
      "nix run github:microvm-sweep/microvm-sweep#gen -- --flake . --host hyp-01 --orphans stop-all --out microvm-sweep.nix",
    ],
    prepare: lingering,
    check: (docs, { stdout }) => {
      expect(stdout).toContain("would stop orphaned MicroVMs: bar\n");
      expect(stdout).toContain("\nstopping orphaned MicroVMs: bar\n");
      expect(docs.host.runs("bar")).toBe(false);
      expect(docs.must("cat microvm-sweep.nix")).not.toContain("stop-all");
    },
  },
  {
    // "A VM whose template has gone before the service runs … is left and named."
    first: ["systemctl kill microvm@bar.service"],
    prepare: (docs) => {
      const { host } = docs;
      docs.begin(["bar"]);
      docs.declare(2, { vms: [], templates: false });
      host.current(2);
      expect(host.loaded("microvm@bar.service")).toBe("not-found active");
      const { stderr } = host.service(2);
      expect(stderr).toContain("bar");
      expect(host.runs("bar")).toBe(true);
    },
    check: (docs) => {
      docs.container.must(
        "for i in {1..50}; do systemctl is-active --quiet microvm@bar || exit 0; sleep 0.1; done; exit 1",
      );
      expect(docs.host.shutDown()).not.toContain("bar");
    },
  },
];
