import { afterAll, beforeAll, describe } from "vitest";
import {
  CURRENT,
  GENERATION,
  PROFILE,
  ROOTS,
  DEFAULT_STATE_DIR as STATE,
  UNITS,
} from "../oracle/host.ts";
import type { Tree } from "../oracle/tree.ts";
import { requireNamespaces, Sandbox } from "../sandbox/run.ts";
import { CONTROL, listed, OLD, OLDER } from "./describedHost.ts";
import { type Examples, testExamples } from "./examples.ts";

const G = `${GENERATION}/${UNITS}`;
const BAR = "microvm@bar.service";
const DROP_INS = `${CONTROL}/${BAR}.d`;
const TEMPLATE = "/run/systemd/system/microvm-pci-devices@.service";
const RUNS = [listed(BAR), listed("microvm-virtiofsd@bar.service")];
const UNITS_OF_BAR = RUNS.map(({ name }) => name);

function dropIns(tree: Tree): Tree {
  return tree.file(`${DROP_INS}/50-x.conf`, "x");
}

/** A template unit that G does not have, and that goes unless a VM holds it. */
function template(tree: Tree): Tree {
  return tree.link(TEMPLATE, "/nix/store/gone/x");
}

function both(tree: Tree): Tree {
  return template(dropIns(tree));
}

/** An older generation of this boot declares the VM. */
function booted(tree: Tree): Tree {
  return tree
    .file(`${OLDER}/${UNITS}/install-microvm-bar.service`)
    .link("/run/booted-system", OLDER);
}

const root = (tree: Tree) => tree.link(`${ROOTS}/bar`, "/nowhere");
const autostarted = (tree: Tree) =>
  tree
    .file(`${OLD}/${UNITS}/microvms.target`, `[Unit]\nWants=microvm@fw.service ${BAR}\n`)
    .link(CURRENT, OLD);

const VERDICTS: Examples = {
  "live: nothing": {
    vms: ["bar"],
    removes: ["bar"],
    units: [...RUNS, listed("microvm-set-booted@bar.service", { active: "failed" })],
    tree: both,
    goes: [TEMPLATE],
  },
  "live because an override was forgotten: named while it runs": {
    removes: ["bar"],
    units: RUNS,
    tree: (tree) => both(tree).file(`${G}/${BAR}`, "[Service]\n"),
    goes: [TEMPLATE],
    says: ["bar "],
  },
  "live because an override was forgotten, in a later switch: named again": {
    units: RUNS,
    tree: (tree) => booted(tree).file(`${G}/${BAR}`, "[Service]\n"),
    says: ["bar "],
  },
  "live because an override was forgotten, at rest: not named": {
    removes: ["bar"],
    tree: (tree) => tree.file(`${G}/${BAR}`, "[Service]\n"),
  },
  "live by a unit of its own that was never declared: not named": {
    units: RUNS,
    tree: (tree) => tree.file(`${G}/${BAR}`, "[Service]\n"),
  },
  "live by a link that starts it: not named": {
    removes: ["bar"],
    units: RUNS,
    tree: (tree) => tree.file(`${G}/${BAR}`, "x").link(`${G}/x.target.wants/${BAR}`, `../${BAR}`),
  },
  "kept: nothing, and it holds templates": {
    policy: { keep: ["bar"] },
    removes: ["bar"],
    units: RUNS,
    tree: both,
    kept: [TEMPLATE],
  },
  "kept, with unit files only: it holds templates": {
    policy: { keep: ["bar"] },
    tree: both,
    kept: [TEMPLATE],
  },
  "kept, and only in the keep list: it holds nothing": {
    policy: { keep: ["bar"] },
    tree: template,
    goes: [TEMPLATE],
  },
  "foreign: named, and it holds templates": {
    removes: ["bar"],
    units: RUNS,
    tree: (tree) => both(tree).link(`${CONTROL}/microvm-virtiofsd@bar.service`, "/dev/null"),
    kept: [TEMPLATE],
    says: ["bar"],
  },
  "imperative and active: it holds templates": {
    units: RUNS,
    tree: (tree) => root(both(tree)),
    kept: [TEMPLATE],
  },
  "imperative and at rest: its files stay, and the templates go": {
    tree: (tree) => root(both(tree)),
    goes: [TEMPLATE],
  },
  "imperative at boot: it holds templates": {
    systemd: "absent",
    tree: (tree) => root(both(tree)),
    kept: [TEMPLATE],
  },
  "imperative, and declared until now: named": {
    removes: ["bar"],
    tree: (tree) => root(both(tree)),
    goes: [TEMPLATE],
    says: ["bar"],
  },
  "imperative, and G has no template for it: named, whether a file goes or not": {
    tree: (tree) => {
      tree.remove(`${G}/microvm@.service`);
      root(tree);
    },
    says: ["bar"],
  },
  "orphan: it stops, and its files and the templates go": {
    removes: ["bar"],
    units: RUNS,
    tree: both,
    stops: UNITS_OF_BAR,
    goes: [DROP_INS, TEMPLATE],
  },
  "orphan at rest: its files go, and its failed units are reset": {
    removes: ["bar"],
    units: [listed(BAR, { active: "failed" })],
    tree: both,
    resets: [BAR],
    goes: [DROP_INS, TEMPLATE],
  },
  "orphan with active and failed units: both": {
    removes: ["bar"],
    units: [listed(BAR, { active: "failed" }), listed("microvm-virtiofsd@bar.service")],
    stops: ["microvm-virtiofsd@bar.service"],
    resets: [BAR],
  },
  "orphan at boot: its files go": {
    systemd: "absent",
    tree: (tree) =>
      dropIns(tree).link(CURRENT, OLD).file(`${OLD}/${UNITS}/install-microvm-bar.service`),
    goes: [DROP_INS],
  },
  "lingering: named with the command, and it holds templates": {
    units: RUNS,
    tree: (tree) => booted(both(tree)),
    kept: [TEMPLATE],
    says: ["systemctl stop microvm@bar.service"],
  },
  "lingering, and G has no template: the command would kill it, so another is given": {
    units: RUNS,
    tree: (tree) => {
      tree.remove(`${G}/microvm@.service`);
      booted(both(tree));
    },
    kept: [TEMPLATE],
    says: ["from inside"],
  },
  "leftover: its files go": {
    units: [listed(BAR, { active: "failed" })],
    tree: (tree) => booted(both(tree)),
    resets: [BAR],
    goes: [DROP_INS, TEMPLATE],
  },
  "unknown: named, and it holds templates": {
    units: RUNS,
    tree: both,
    kept: [TEMPLATE],
    says: ["bar"],
  },
  "ghost: its files go": {
    units: [listed(BAR, { active: "failed" })],
    tree: both,
    resets: [BAR],
    goes: [DROP_INS, TEMPLATE],
  },
  "a VM that only left autostart: named while it runs": {
    units: RUNS,
    tree: (tree) => autostarted(root(tree)),
    says: ["autostart"],
  },
  "a VM that only left autostart, at rest: not named": {
    tree: (tree) => autostarted(root(tree)),
  },
  "a VM that only left autostart and is in the keep list: not named": {
    policy: { keep: ["bar"] },
    units: RUNS,
    tree: autostarted,
  },
  "a VM that stays in autostart: not named": {
    autostart: ["bar"],
    units: RUNS,
    tree: autostarted,
  },
};

const POLICY: Examples = {
  "orphans = report: an orphan that runs is named, and keeps its files and the templates": {
    policy: { orphans: "report" },
    removes: ["bar"],
    units: [...RUNS, listed("microvm-set-booted@bar.service", { active: "failed" })],
    tree: both,
    kept: [TEMPLATE],
    says: ["bar"],
  },
  "orphans = report: the files of an orphan at rest go": {
    policy: { orphans: "report" },
    removes: ["bar"],
    tree: both,
    goes: [DROP_INS, TEMPLATE],
  },
  "orphans = stop-all: what lingers stops": {
    policy: { orphans: "stop-all" },
    units: RUNS,
    tree: (tree) => booted(both(tree)),
    stops: UNITS_OF_BAR,
    goes: [DROP_INS, TEMPLATE],
  },
  "orphans = stop-all: what is unknown or imperative does not": {
    policy: { orphans: "stop-all" },
    units: [...RUNS, listed("microvm@imp.service")],
    tree: (tree) => tree.link(`${ROOTS}/imp`, "/nowhere"),
    says: ["bar"],
  },
  "the service stops nothing, whatever the policy says": {
    backend: "service",
    action: "",
    policy: { orphans: "stop-all" },
    units: RUNS,
    tree: (tree) => booted(both(tree)).link(CURRENT, GENERATION),
    kept: [TEMPLATE],
    says: ["bar"],
  },
  "a plan of the service stops nothing either: what it removes is of an older generation then": {
    backend: "service",
    removes: ["bar"],
    units: RUNS,
    tree: both,
    kept: [TEMPLATE],
    says: ["bar"],
  },
  "unitFiles = report: all that would go is kept and named": {
    policy: { unitFiles: "report" },
    removes: ["bar"],
    units: [...RUNS, listed("microvm-set-booted@bar.service", { active: "failed" })],
    tree: both,
    stops: UNITS_OF_BAR,
    resets: ["microvm-set-booted@bar.service"],
    kept: [DROP_INS, TEMPLATE],
  },
};

/** Another system, which this host may change to, declares the VM. */
const OTHERS: Readonly<Record<string, (tree: Tree, unit: string, text: string) => Tree>> = {
  "the boot default": (tree, unit, text) => tree.file(`${OLD}/${unit}`, text).link(PROFILE, OLD),
  "the boot default, by its number": (tree, unit, text) =>
    tree
      .file(`${OLD}/${unit}`, text)
      .link(PROFILE, "system-7-link")
      .link("/nix/var/nix/profiles/system-7-link", OLD),
  "a specialisation of the boot default": (tree, unit, text) =>
    tree
      .file(`${OLDER}/${unit}`, text)
      .link(`${OLD}/specialisation/s`, OLDER)
      .link(PROFILE, OLD)
      .directory(`${OLD}/${UNITS}`),
  "a specialisation of G": (tree, unit, text) =>
    tree.file(`${OLDER}/${unit}`, text).link(`${GENERATION}/specialisation/s`, OLDER),
};
const INSTALL = `${UNITS}/install-microvm-bar.service`;
const RESERVED: Examples = Object.fromEntries([
  ...Object.entries(OTHERS).flatMap(([title, declare]) => [
    [
      `${title} declares it: it stops, and keeps its files`,
      {
        action: "test" as const,
        removes: ["bar"],
        units: RUNS,
        tree: (tree: Tree) => declare(dropIns(tree), INSTALL, ""),
        stops: UNITS_OF_BAR,
      },
    ],
    [
      `${title} starts it at boot: it keeps its files`,
      {
        action: "test" as const,
        tree: (tree: Tree) => declare(dropIns(tree), `${UNITS}/microvms.target`, `Wants=${BAR}\n`),
      },
    ],
  ]),
  [
    "in a dry activation the boot default is G, as the switch would make it",
    {
      action: "dry-activate" as const,
      removes: ["bar"],
      tree: (tree: Tree) => OTHERS["the boot default"]?.(dropIns(tree), INSTALL, ""),
      goes: [DROP_INS],
    },
  ],
]);

let sandbox: Sandbox;

describe.skipIf(requireNamespaces())("what follows", () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.close());
  describe("from the verdict", () => testExamples(VERDICTS, () => sandbox));
  describe("from the policy", () => testExamples(POLICY, () => sandbox));
  describe("from other systems", () => testExamples(RESERVED, () => sandbox));
  describe("from state", () =>
    testExamples(
      {
        "a link toplevel that the user microvm plants beside an imperative VM changes nothing": {
          tree: (tree) => root(dropIns(tree)).link(`${STATE}/bar/toplevel`, "/nowhere"),
        },
        "a state directory that the user microvm makes into a link changes nothing": {
          tree: (tree) =>
            dropIns(tree).link("/opt/x/toplevel", "/nowhere").link(`${STATE}/bar`, "/opt/x"),
        },
      },
      () => sandbox,
    ));
});
