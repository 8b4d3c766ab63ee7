import { afterAll, beforeAll, describe } from "vitest";
import { GENERATION, ROOTS, UNITS } from "../oracle/host.ts";
import { NULL_DEVICE } from "../oracle/tree.ts";
import { FAMILIES } from "../oracle/units.ts";
import { requireNamespaces, Sandbox } from "../sandbox/run.ts";
import { CONTROL, listed, OLD } from "./describedHost.ts";
import { type Example, type Examples, testExamples } from "./examples.ts";

const ETC = "/etc/systemd/system";
const RUN = "/run/systemd/system";
const BAR = "microvm@bar.service";
const DIRECTORIES = [
  CONTROL,
  "/run/systemd/system.control",
  ETC,
  RUN,
  "/etc/systemd/system.attached",
  "/run/systemd/system.attached",
  "/usr/local/lib/systemd/system",
];

/** Each unit directory, and places that are none. */
const PLACES: Examples = {
  ...Object.fromEntries(
    DIRECTORIES.map((directory): [string, Example] => [
      `drop-ins in ${directory} go`,
      {
        tree: (tree) => tree.file(`${directory}/${BAR}.d/x.conf`),
        goes: [`${directory}/${BAR}.d`],
      },
    ]),
  ),
  ...Object.fromEntries(
    [
      "/etc/systemd/user",
      "/run/systemd/generator",
      "/run/systemd/transient",
      "/usr/local/lib/systemd",
      `${ETC}/deep`,
      "/var/lib/microvms/bar",
    ].map((directory): [string, Example] => [
      `drop-ins in ${directory} stay`,
      { tree: (tree) => tree.file(`${directory}/${BAR}.d/x.conf`) },
    ]),
  ),
  "a unit directory that resolves into the store is skipped": {
    tree: (tree) => {
      tree.remove(ETC);
      tree.file(`/nix/store/e/${BAR}.d/x.conf`).link("/opt/e", "/nix/store/e").link(ETC, "/opt/e");
    },
  },
  "a unit directory with two names is read once": {
    tree: (tree) =>
      tree
        .link("/usr/local/lib/systemd/system", ETC)
        .file(`${ETC}/${BAR}.d/x.conf`)
        .link(`${ETC}/multi-user.target.wants/${BAR}`, "/nix/store/gone/x"),
    goes: [`${ETC}/${BAR}.d`, `${ETC}/multi-user.target.wants/${BAR}`],
  },
  ...Object.fromEntries(
    [...FAMILIES.map((family) => `${family}@bar.service`), "install-microvm-bar.service"].map(
      (unit): [string, Example] => [
        `drop-ins of ${unit} go`,
        { tree: (tree) => tree.file(`${ETC}/${unit}.d/x.conf`), goes: [`${ETC}/${unit}.d`] },
      ],
    ),
  ),
};

/** What belongs to nobody that we know. */
const STRANGERS: Examples = Object.fromEntries(
  [
    "microvm-extra@bar.service",
    "xmicrovm@bar.service",
    "microvm@bar.mount",
    "microvm@bar.slice",
    "microvm@bar.service.bak",
    "microvm@bar.target",
    "microvm@.timer",
    "microvm.service",
    "microvms.service",
    "install-microvm-.service",
    "container@bar.service",
    "bar.service",
    "-.service",
    // For all units with that prefix (systemd.unit(5)).
    "microvm@web-.service",
    "microvm-.service",
  ].map((unit): [string, Example] => [
    `drop-ins of ${unit} stay, and nothing is said`,
    { tree: (tree) => tree.file(`${ETC}/${unit}.d/x.conf`) },
  ]),
);

const LINK = `${ETC}/multi-user.target.wants/${BAR}`;
const OURS: Examples = {
  "a link into the store": {
    tree: (tree) => tree.file("/nix/store/u/x", "x").link(LINK, "/nix/store/u/x"),
    goes: [LINK],
  },
  "a link into the store that dangles": {
    tree: (tree) => tree.link(LINK, "/nix/store/gone/x"),
    goes: [LINK],
  },
  "a relative link into the store": {
    tree: (tree) => tree.file("/nix/store/u/x", "x").link(LINK, "../../../../nix/store/u/x"),
    goes: [LINK],
  },
  "a link into the store through a link outside": {
    tree: (tree) =>
      tree.file("/nix/store/u/x", "x").link("/opt/x", "/nix/store/u/x").link(LINK, "/opt/x"),
    goes: [LINK],
  },
  "a link to /etc/static": {
    tree: (tree) =>
      tree
        .file(`/nix/store/etc/systemd/${BAR}`, "x")
        .link("/etc/static", "/nix/store/etc")
        .link(LINK, `/etc/static/systemd/${BAR}`),
    goes: [LINK],
  },
  "a link that dangles": { tree: (tree) => tree.link(LINK, "../x"), goes: [LINK] },
  "a link to itself": { tree: (tree) => tree.link(LINK, BAR), goes: [LINK] },
  "a link to a template that goes": {
    tree: (tree) => {
      tree.remove(`${GENERATION}/${UNITS}/microvm@.service`);
      tree.file(`${ETC}/microvm@.service`, "x").link(LINK, "../microvm@.service");
    },
    goes: [LINK, `${ETC}/microvm@.service`],
  },
  "a unit that is a link to a template that goes": {
    tree: (tree) => {
      tree.remove(`${GENERATION}/${UNITS}/microvm@.service`);
      tree.file(`${ETC}/microvm@.service`, "x").link(`${RUN}/${BAR}`, `${ETC}/microvm@.service`);
    },
    goes: [`${RUN}/${BAR}`, `${ETC}/microvm@.service`],
  },
  "a link in .requires and one in .upholds": {
    tree: (tree) =>
      tree
        .link(`${RUN}/x.target.requires/${BAR}`, "../x")
        .link(`${RUN}/x.target.upholds/${BAR}`, "../x"),
    goes: [`${RUN}/x.target.requires/${BAR}`, `${RUN}/x.target.upholds/${BAR}`],
  },
  "a link in the directory of a VM that stays": {
    vms: ["fw"],
    tree: (tree) => tree.link(`${ETC}/microvm@fw.service.wants/${BAR}`, "../x"),
    goes: [`${ETC}/microvm@fw.service.wants/${BAR}`],
  },
  "a directory of links goes whole": {
    tree: (tree) =>
      tree
        .link(`${ETC}/${BAR}.wants/other.service`, "../x")
        .link(`${ETC}/${BAR}.wants/microvm-virtiofsd@bar.service`, "../x")
        .file(`${ETC}/${BAR}.requires/y`, "x"),
    goes: [`${ETC}/${BAR}.wants`, `${ETC}/${BAR}.requires`],
  },
  "an empty directory of drop-ins": {
    tree: (tree) => tree.directory(`${RUN}/${BAR}.d`),
    goes: [`${RUN}/${BAR}.d`],
  },
  "drop-ins that are a link into the store": {
    tree: (tree) => tree.directory("/nix/store/d").link(`${ETC}/${BAR}.d`, "/nix/store/d"),
    goes: [`${ETC}/${BAR}.d`],
  },
};

const THEIRS: Examples = {
  "a whole unit file": { tree: (tree) => tree.file(`${ETC}/${BAR}`, "x"), kept: [`${ETC}/${BAR}`] },
  "a whole unit file in /run": {
    tree: (tree) => tree.file(`${RUN}/${BAR}`, "x"),
    kept: [`${RUN}/${BAR}`],
  },
  "a whole install unit": {
    tree: (tree) => tree.file(`${ETC}/install-microvm-bar.service`, "x"),
    kept: [`${ETC}/install-microvm-bar.service`],
  },
  "a link to a unit outside": {
    tree: (tree) => tree.file(`/opt/${BAR}`, "x").link(`${ETC}/${BAR}`, `/opt/${BAR}`),
    kept: [`${ETC}/${BAR}`],
  },
  "a link in .wants to a unit outside": {
    tree: (tree) => tree.file("/opt/x", "x").link(LINK, "/opt/x"),
    kept: [LINK],
  },
  "a link to a template outside that stays": {
    tree: (tree) => tree.file(`${ETC}/microvm@.service`, "x").link(LINK, "../microvm@.service"),
    kept: [LINK],
  },
  "drop-ins that are a link to a directory outside": {
    tree: (tree) => tree.file("/opt/d/x.conf", "x").link(`${ETC}/${BAR}.d`, "/opt/d"),
    kept: [`${ETC}/${BAR}.d`],
  },
  "drop-ins that are a mask": {
    tree: (tree) => tree.link(`${ETC}/${BAR}.d`, NULL_DEVICE),
    kept: [`${ETC}/${BAR}.d`],
  },
  ...Object.fromEntries(
    ["timer", "socket", "path"].map((type): [string, Example] => [
      `a ${type} of it, with its drop-ins and links`,
      {
        tree: (tree) =>
          tree
            .file(`${ETC}/microvm@bar.${type}`, "x")
            .file(`${ETC}/microvm@bar.${type}.d/x.conf`, "x")
            .link(`${ETC}/x.target.wants/microvm@bar.${type}`, `../microvm@bar.${type}`),
        kept: [
          `${ETC}/microvm@bar.${type}`,
          `${ETC}/microvm@bar.${type}.d`,
          `${ETC}/x.target.wants/microvm@bar.${type}`,
        ],
      },
    ]),
  ),
  "a link whose target only looks as if it went": {
    tree: (tree) =>
      tree
        .file(`${ETC}/${BAR}.d/x.conf`, "x")
        .file(`${ETC}/${BAR}.d.old`, "x")
        .link(LINK, `../${BAR}.d.old`),
    goes: [`${ETC}/${BAR}.d`],
    kept: [LINK],
  },
};

/** What C or G has at a place below /etc is NixOS's own, and is not looked at. */
const OWN: Examples = Object.fromEntries(
  [
    ["drop-ins", `${BAR}.d`, `${BAR}.d/overrides.conf`],
    ["a link", `multi-user.target.wants/${BAR}`, `multi-user.target.wants/${BAR}`],
    ["a template", "microvm-pci-devices@.service", "microvm-pci-devices@.service"],
  ].flatMap(([what = "", , file = ""]) => [
    [
      `${what} that the replaced system has`,
      {
        removes: ["bar"],
        tree: (tree) => tree.file(`${OLD}/${UNITS}/${file}`, "x").file(`${ETC}/${file}`, "x"),
      } satisfies Example,
    ],
    [
      `${what} that G has`,
      {
        tree: (tree) =>
          tree.file(`${GENERATION}/${UNITS}/${file}`, "x").file(`${ETC}/${file}`, "x"),
      } satisfies Example,
    ],
  ]),
);

const OWN_NOT: Examples = {
  "the same place below /run": {
    removes: ["bar"],
    tree: (tree) =>
      tree.file(`${OLD}/run/systemd/system/${BAR}.d/x`, "x").file(`${RUN}/${BAR}.d/x`, "x"),
    goes: [`${RUN}/${BAR}.d`],
  },
  "a link in a directory that the replaced system has too": {
    removes: ["bar"],
    tree: (tree) =>
      tree.file(`${OLD}/${UNITS}/multi-user.target.wants/other.service`, "x").link(LINK, "../x"),
    goes: [LINK],
  },
};

const PCI = "microvm-pci-devices@.service";
const STALE = [
  `${ETC}/${PCI}`,
  `${ETC}/${PCI}.d`,
  `${RUN}/microvms.target`,
  `${RUN}/microvms.target.wants`,
  `${ETC}/multi-user.target.wants/microvms.target`,
];
const templates: Example["tree"] = (tree) =>
  tree
    .file(`${ETC}/${PCI}`, "x")
    .file(`${ETC}/${PCI}.d/x.conf`, "x")
    .file(`${RUN}/microvms.target`, "x")
    .link(`${RUN}/microvms.target.wants/${BAR}`, "../x")
    .link(`${ETC}/multi-user.target.wants/microvms.target`, "/nix/store/gone/x");
const TEMPLATES: Examples = {
  "go where G does not have them and nobody holds them": { tree: templates, goes: STALE },
  "stay where G has them": {
    tree: (tree) => {
      tree
        .file(`${GENERATION}/${UNITS}/${PCI}`, "x")
        .file(`${GENERATION}/${UNITS}/microvms.target`, "x");
      templates(tree);
    },
    // The name is a ghost's, and its link goes alone.
    goes: [`${RUN}/microvms.target.wants/${BAR}`],
  },
  "stay where somebody holds them": {
    units: [listed("microvm@fw.service")],
    tree: templates,
    goes: [`${RUN}/microvms.target.wants/${BAR}`],
    kept: STALE,
    says: ["fw"],
  },
  "go with a link of a VM that stays in their directory": {
    tree: (tree) => {
      templates(tree);
      tree.link(`${ROOTS}/bar`, "/nowhere");
    },
    goes: STALE,
  },
  "are the administrator's where they are a mask, or a link outside the store": {
    tree: (tree) =>
      tree
        .link(`${ETC}/${PCI}`, NULL_DEVICE)
        .file(`${RUN}/${PCI}`, "")
        .file("/opt/t", "x")
        .link(`${RUN}/microvm-virtiofsd@.service`, "/opt/t"),
    kept: [`${ETC}/${PCI}`, `${RUN}/${PCI}`, `${RUN}/microvm-virtiofsd@.service`],
  },
  "of another family are not looked at": {
    tree: (tree) =>
      tree.file(`${ETC}/microvm-extra@.service`, "x").file(`${ETC}/microvm@.timer`, "x"),
  },
};

let sandbox: Sandbox;

describe.skipIf(requireNamespaces())("unit files", () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.close());
  describe("by their place", () => testExamples(PLACES, () => sandbox));
  describe("of other units", () => testExamples(STRANGERS, () => sandbox));
  describe("that are ours", () => testExamples(OURS, () => sandbox));
  describe("that are the administrator's", () => testExamples(THEIRS, () => sandbox));
  describe("that are NixOS's", () => testExamples(OWN, () => sandbox));
  describe("that are not NixOS's", () => testExamples(OWN_NOT, () => sandbox));
  describe("of templates", () => testExamples(TEMPLATES, () => sandbox));
});
