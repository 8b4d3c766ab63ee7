import { expect } from "vitest";
import type { DocumentedHost, Shown } from "./documentedHost.ts";
import { DRY, dropIn, type HostScene, lingering, WOULD_STOP_WEB } from "./scene.ts";

/** Commands that show, and those that run on another machine. */
export const PLAN_SCENES: readonly HostScene[] = [
  {
    first: [`${DRY}\nsweep-microvms plan\nsweep-microvms explain web`],
    prepare: (docs) => docs.beginAndDeclare(["fw", "web"], ["fw"]),
    check: ({ host }, { stdout }) => {
      expect(stdout).toContain(WOULD_STOP_WEB);
      expect(stdout).toContain("\nweb: live, because the configuration declares it");
      expect(host.runs("web")).toBe(true);
      expect(host.exists(dropIn("web"))).toBe(true);
    },
  },
  {
    first: ['sweep-microvms plan --system="$(readlink -f ./result)"'],
    prepare: (docs) => {
      docs.beginAndDeclare(["fw", "web"], ["fw"]);
      docs.must("nixos-rebuild build");
    },
    check: showsThePlanOfTheNextGeneration,
  },
  {
    first: [
      'nixos-rebuild build --flake .#hyp-01\nsweep-microvms plan --system="$(readlink -f ./result)"',
    ],
    prepare: (docs) => {
      docs.begin(["fw", "web"], "--backend service");
      docs.declare(2, { vms: ["fw"] });
      docs.generate("--backend service");
    },
    // The service stops nothing.
    check: ({ host }, { stdout }) => {
      expect(stdout).toMatch(/^note: still running, and not declared: web;/mu);
      expect(host.runs("web")).toBe(true);
    },
  },
  {
    first: ["journalctl --output=json MESSAGE_ID=6d0f5a1e8c3b4f0f9a527f5c2be1c7d4"],
    prepare: (docs) => {
      docs.beginAndDeclare(["fw", "web"], ["fw"]);
      docs.must("nixos-rebuild switch; journalctl --sync");
    },
    check: (docs, { stdout }) => {
      const last = stdout.trimEnd().split("\n").at(-1) ?? "";
      expect(JSON.parse(last)).toMatchObject({
        MICROVM_SWEEP_STOPPED: "web",
        MICROVM_SWEEP_REMOVED: dropIn("web"),
        MICROVM_SWEEP_LEFT: "",
        MICROVM_SWEEP_GENERATION: docs.host.toplevel(2),
      });
    },
  },
  {
    first: ["ssh hyp-01 sudo sweep-microvms plan --json > hyp-01.json\njq "],
    prepare: lingering,
    check: (_, { stdout }) => expect(stdout).toBe("bar\n"),
  },
  {
    first: ["for host in hyp-01 hyp-02 hyp-03; do\n  ssh "],
    prepare: (docs) => {
      lingering(docs);
      // Something to do, so that `plan` ends with 1.
      docs.host.dropIn("microvm@old.service");
    },
    check: (docs) => {
      const report = docs.must("cat report.html");
      for (const host of ["hyp-01", "hyp-02", "hyp-03"]) {
        expect(report).toContain(`data-host="${host}" data-name="bar" data-verdict="lingering"`);
      }
    },
  },
  {
    first: ['bash -c "$(microvm-sweep expr --for nix-eval-jobs)" '],
    prepare: (docs) => docs.declare(1, { vms: ["fw", "web"] }),
    check: (docs) => {
      expect(docs.must("ls sweep")).toBe("default.nix\nhyp-01.nix\nmicrovm-sweep\n");
      expect(docs.must("cat sweep/hyp-01.nix")).toContain('"--vm=web"');
    },
  },
];

function showsThePlanOfTheNextGeneration(docs: DocumentedHost, { stdout }: Shown): void {
  expect(stdout).toMatch(/^orphan +web +it is stopped/mu);
  expect(docs.host.runs("web")).toBe(true);
}
