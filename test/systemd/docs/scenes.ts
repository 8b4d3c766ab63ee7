import { expect } from "vitest";
import type { Block } from "../../docs/pages.ts";
import { toplevelOf } from "../generation.ts";
import { TEMPLATES } from "../units.ts";
import type { DocumentedHost, Shown } from "./documentedHost.ts";

/** A block `sh host` of the pages that runs here: on a host as the page presupposes it, and with what it promises. */
export interface HostScene {
  /** The first lines of the block; several where pages differ. */
  readonly first: readonly string[];
  /** The only page that the scene is for; without one, all that have the block. */
  readonly page?: string;
  readonly prepare: (docs: DocumentedHost) => void;
  readonly check: (docs: DocumentedHost, shown: Shown) => void;
  /** The commands of the block that are to fail, each after its status. */
  readonly failed?: readonly string[];
}

const DRY = "nixos-rebuild dry-activate --flake .#hyp-01";
const SWITCH = "nixos-rebuild switch --flake .#hyp-01";
const WOULD_STOP_WEB = "would stop orphaned MicroVMs: web\n";
const TIME = "20261124T101500Z";

/** The drop-in of a VM that `begin` makes. */
const dropIn = (name: string) => `/etc/systemd/system.control/microvm@${name}.service.d`;

/** A host with `bar`, which an earlier switch removed and somebody started again. */
function lingering(docs: DocumentedHost): void {
  docs.beginAndDeclare(["fw", "bar"], ["fw"]);
  docs.must("nixos-rebuild switch");
  docs.host.start("bar");
}

export const SCENES: readonly HostScene[] = [
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
    first: ["sweep-microvms plan"],
    prepare: (docs) => docs.begin(["fw", "web"]),
    check: (_, { stdout }) => expect(stdout).toMatch(/^live +fw .*\n.*\nlive +web /mu),
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
    first: [
      `mv /var/lib/microvm-sweep/archive/bar-${TIME} /var/lib/microvms/bar\nnixos-rebuild switch`,
    ],
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
    first: ["microvm-sweep gen --usage usage.json --host hyp-01 --format script --out sweep.bash"],
    prepare: (docs) => {
      docs.beginAndDeclare(["fw", "old"], ["fw"]);
      docs.must("nixos-rebuild switch; cp /root/usage.json .");
      docs.host.dropIn("microvm@old.service");
    },
    failed: ["1 bash sweep.bash plan"],
    check: (docs, { stdout }) => {
      const line = `would remove stale unit files: ${dropIn("old")}\n`;
      const [before, plan] = stdout.split("\nMicroVMs of hyp-01");
      expect(before).toContain(line);
      expect(plan).toMatch(/^leftover +old /mu);
      expect(plan).toContain(line);
      expect(docs.host.exists(dropIn("old"))).toBe(true);
    },
  },
  {
    first: ['sweep-microvms plan --system="$(readlink -f ./result)"'],
    prepare: (docs) => {
      docs.beginAndDeclare(["fw", "web"], ["fw"]);
      docs.must("nixos-rebuild build");
    },
    failed: ['1 sweep-microvms plan --system="$(readlink -f ./result)"'],
    check: showsThePlanOfTheNextGeneration,
  },
  {
    first: [
      'nixos-rebuild build --flake .#hyp-01\nsweep-microvms plan --system="$(readlink -f ./result)"',
    ],
    prepare: (docs) => docs.beginAndDeclare(["fw", "web"], ["fw"], "--backend service"),
    failed: ['1 sweep-microvms plan --system="$(readlink -f ./result)"'],
    check: showsThePlanOfTheNextGeneration,
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
  {
    first: ['bash -c "$(microvm-sweep expr --for nix-eval-jobs)" \\'],
    prepare: (docs) => docs.declare(1, { vms: ["fw", "web"] }),
    check: (docs) => {
      expect(docs.must("ls sweep")).toBe("default.nix\nhyp-01.nix\nmicrovm-sweep.bash\n");
      expect(docs.must("cat sweep/hyp-01.nix")).toContain('"--vm=web"');
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

/** The blocks `sh host` that no test runs: the page, the first line, and why. */
export const NOT_RUN: readonly (readonly [page: string, first: string, why: string])[] = [
  [
    "README.md",
    "npm ci && npm start     # prints the page of a shipped example",
    "it runs this suite",
  ],
  ["CONTRIBUTING.md", "npm ci", "it runs this suite"],
  [
    "CONTRIBUTING.md",
    "npx vitest run --config test/vitest.config.ts test/policy",
    "it runs a part of this suite",
  ],
  [
    "README.md",
    "nix build .#nixosConfigurations.hyp-01.config.services.microvm-sweep.program",
    "it builds with nixpkgs; test/flake/liveModule.test.ts builds the same option with a stand-in",
  ],
  [
    "docs/fleets.md",
    "nix-eval-jobs --flake .#nixosConfigurations --no-instantiate \\",
    "it shows the shape of a command, with a word to fill in",
  ],
  [
    "docs/tutorial.md",
    "nixos-rebuild build --flake .#hyp-01",
    "Nix evaluates the guard; test/examples/drift.test.ts does it with a stand-in for nixpkgs",
  ],
];

/** Whether a block starts with these lines, of which the last may be cut after a space. */
function startsWith({ text }: Block, lines: string): boolean {
  return text.startsWith(lines.endsWith(" ") ? lines : `${lines}\n`);
}

/** The scene of a block: the one that has most of its lines, and of two such the one of its page. */
export function sceneOf(block: Block): HostScene | undefined {
  const fitting = SCENES.flatMap((scene) => {
    const lines = scene.first.filter((first) => startsWith(block, first));
    const isOfPage = scene.page === block.page;
    if (lines.length === 0 || (scene.page !== undefined && !isOfPage)) return [];
    return [{ scene, isOfPage, length: Math.max(...lines.map((first) => first.length)) }];
  });
  const [best] = fitting.sort(
    (a, b) => b.length - a.length || Number(b.isOfPage) - Number(a.isOfPage),
  );
  return best?.scene;
}

/** Whether a block is among those that no test runs. */
export function isNotRun({ page, text }: Block): boolean {
  return NOT_RUN.some(([of, first]) => of === page && text.startsWith(`${first}\n`));
}

function showsThePlanOfTheNextGeneration(docs: DocumentedHost, { stdout }: Shown): void {
  expect(stdout).toContain(`a switch to ${toplevelOf(2)} does`);
  expect(stdout).toMatch(/^orphan +web /mu);
  expect(stdout).toContain(WOULD_STOP_WEB);
  expect(docs.host.runs("web")).toBe(true);
}
