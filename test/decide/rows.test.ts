import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CURRENT,
  GENERATION,
  PROFILE,
  ROOTS,
  DEFAULT_STATE_DIR as STATE,
  UNITS,
} from "../oracle/host.ts";
import { requireNamespaces, Sandbox } from "../sandbox/run.ts";
import { checkHost } from "./check.ts";
import { CONTROL, type Description, describedHost, listed, OLD, OLDER } from "./describedHost.ts";

let sandbox: Sandbox;
const G = `${GENERATION}/${UNITS}`;
const INSTALL = `${UNITS}/install-microvm-bar.service`;
const BAR = "microvm@bar.service";

/** A fact that makes a row fit for the VM `bar`. */
const FACTS: Readonly<Record<number, Description>> = {
  1: { vms: ["bar"] },
  2: { policy: { keep: ["bar"] } },
  3: { tree: (tree) => tree.link(`/run/systemd/system/${BAR}`, "/dev/null") },
  4: { tree: (tree) => tree.link(`${ROOTS}/bar`, `${STATE}/bar/current`) },
  5: { removes: ["bar"] },
  7: { tree: (tree) => tree.file(`${OLDER}/${INSTALL}`).link("/run/booted-system", OLDER) },
  8: { tree: (tree) => tree.directory(`${STATE}/bar`) },
  9: { units: [listed(BAR)] },
  10: { tree: (tree) => tree.file(`${CONTROL}/${BAR}.d/50-x.conf`, "x") },
};
const VERDICTS: Readonly<Record<number, string>> = {
  1: "live",
  2: "kept",
  3: "foreign",
  4: "imperative",
  5: "orphan",
  6: "lingering",
  7: "leftover",
  8: "imperative",
  9: "unknown",
  10: "ghost",
};

function together(...descriptions: readonly Description[]): Description {
  const trees = descriptions.flatMap(({ tree }) => tree ?? []);
  const tree: Description["tree"] = (it) => {
    for (const change of trees) change(it);
  };
  return { ...Object.assign({}, ...descriptions), tree };
}

async function verdictOf(description: Description): Promise<string | undefined> {
  const { verdicts } = await checkHost(sandbox, describedHost(description));
  return verdicts.get("bar");
}

describe.skipIf(requireNamespaces())("the table of verdicts", () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.close());

  const rows = Object.keys(FACTS).map(Number);
  const pairs = rows.flatMap((row) =>
    rows.filter((other) => other > row).map((other) => [row, other]),
  );

  /** A host on which some rows fit: all find the name by its drop-ins, for which row 10 fits. */
  const host = (...numbers: readonly number[]) =>
    together(...[...numbers, 10].map((row) => FACTS[row] ?? {}));

  it.each(rows)("row %i fits alone", async (row) => {
    expect(await verdictOf(host(row))).toBe(VERDICTS[row]);
  });

  it("row 8 fits where the path of the state directory has other characters than ASCII", async () => {
    const stateDir = "/srv/vms é";
    const tree: Description["tree"] = (it) => it.directory(`${stateDir}/bar`);
    expect(await verdictOf(together(FACTS[10] ?? {}, { stateDir, tree }))).toBe("imperative");
  });

  it.each(pairs)("row %i comes before row %i", async (row = 0, other = 0) => {
    // A VM of an older generation that is active is of row 6.
    const first = row === 7 && other === 9 ? 6 : row;
    expect(await verdictOf(host(row, other))).toBe(VERDICTS[first]);
  });

  it.each([1, 2, 3, 4, 5])("row %i comes before row 6", async (row) => {
    expect(await verdictOf(host(row, 7, 9))).toBe(VERDICTS[row]);
  });
});

/** Facts that are evidence, and facts that only look like it. */
const EVIDENCE: Readonly<Record<string, readonly [string | undefined, Description]>> = {
  "autostart declares it": ["live", { autostart: ["bar"] }],
  "G has its install unit": ["live", { tree: (tree) => tree.file(`${GENERATION}/${INSTALL}`) }],
  "G has a unit of it": ["live", { tree: (tree) => tree.file(`${G}/${BAR}`, "[Unit]\n") }],
  "G has a unit of it in the store": [
    "live",
    {
      tree: (tree) => tree.file("/nix/store/u/x", "[Unit]\n").link(`${G}/${BAR}`, "/nix/store/u/x"),
    },
  ],
  ...Object.fromEntries(
    ["wants", "requires", "upholds"].map((kind) => [
      `G starts it by a link in .${kind}, which dangles where the unit is a drop-in`,
      ["live", { tree: (tree) => tree.link(`${G}/x.target.${kind}/${BAR}`, `../${BAR}`) }] as const,
    ]),
  ),
  "G has only drop-ins of it": [
    undefined,
    { tree: (tree) => tree.file(`${G}/${BAR}.d/x.conf`, "x") },
  ],
  "G has only a helper unit of it": [
    undefined,
    { tree: (tree) => tree.file(`${G}/microvm-virtiofsd@bar.service`, "[Unit]\n") },
  ],
  "G masks it": [
    "ghost",
    together(FACTS[10] ?? {}, { tree: (tree) => tree.link(`${G}/${BAR}`, "/dev/null") }),
  ],
  "G masks it through its store": [
    "ghost",
    together(FACTS[10] ?? {}, {
      tree: (tree) =>
        tree.link("/nix/store/m/x", "/dev/null").link(`${G}/${BAR}`, "/nix/store/m/x"),
    }),
  ],
  "G has an empty unit of it": [
    "ghost",
    together(FACTS[10] ?? {}, { tree: (tree) => tree.file(`${G}/${BAR}`) }),
  ],
  "G masks what one of its links starts": [
    "ghost",
    together(FACTS[10] ?? {}, {
      tree: (tree) =>
        tree.link(`${G}/${BAR}`, "/dev/null").link(`${G}/x.target.wants/${BAR}`, `../${BAR}`),
    }),
  ],
  "an empty file masks it": ["foreign", { tree: (tree) => tree.file(`${CONTROL}/${BAR}`) }],
  "a chain of links masks it": [
    "foreign",
    { tree: (tree) => tree.link("/opt/mask", "/dev/null").link(`${CONTROL}/${BAR}`, "/opt/mask") },
  ],
  "a helper unit is masked": [
    "foreign",
    { tree: (tree) => tree.link("/etc/systemd/system/microvm-virtiofsd@bar.service", "/dev/null") },
  ],
  "its timer is masked": [
    "foreign",
    { tree: (tree) => tree.link(`${CONTROL}/microvm@bar.timer`, "/dev/null") },
  ],
  "it has another unit's name": [
    "foreign",
    { tree: (tree) => tree.link(`${CONTROL}/${BAR}`, "/etc/systemd/system/my-vm.service") },
  ],
  "another unit has its name": [
    "foreign",
    { tree: (tree) => tree.link("/etc/systemd/system/my-vm.service", BAR) },
  ],
  "a declared VM has its name": [
    "foreign",
    { vms: ["fw"], tree: (tree) => tree.link("/etc/systemd/system/microvm@fw.service", BAR) },
  ],
  "a link to its template is no alias": [
    "ghost",
    { tree: (tree) => tree.link(`/etc/systemd/system/${BAR}`, "microvm@.service") },
  ],
  "a mask that the replaced system had is no evidence": [
    "orphan",
    {
      removes: ["bar"],
      tree: (tree) =>
        tree
          .link(`${OLD}/${UNITS}/${BAR}`, "/dev/null")
          .link(`/etc/systemd/system/${BAR}`, "/dev/null"),
    },
  ],
  ...Object.fromEntries(
    ["bar", "booted-bar", "old-bar"].map((root) => [
      `it has the root ${root}`,
      ["imperative", { tree: (tree) => tree.link(`${ROOTS}/${root}`, "/nowhere") }] as const,
    ]),
  ),
  "a directory among the roots": [undefined, { tree: (tree) => tree.directory(`${ROOTS}/bar`) }],
  "a file among the roots": [undefined, { tree: (tree) => tree.file(`${ROOTS}/bar`) }],
  "a root of booted-bar is none of bar where bar has none": [
    undefined,
    { tree: (tree) => tree.link(`${ROOTS}/booted-booted-bar`, "/nowhere") },
  ],
  "a root, and a directory of an older VM of that name": [
    "imperative",
    {
      tree: (tree) =>
        tree.link(`${ROOTS}/bar`, "/nowhere").link(`${STATE}/bar/toplevel`, "/nowhere"),
    },
  ],
  "a root of an older VM that leaves now": [
    "orphan",
    {
      removes: ["bar"],
      tree: (tree) =>
        tree.link(`${ROOTS}/bar`, "/nowhere").link(`${STATE}/bar/toplevel`, "/nowhere"),
    },
  ],
  "a root of a VM that leaves now, with a toplevel that is no link": [
    "imperative",
    {
      removes: ["bar"],
      tree: (tree) => tree.link(`${ROOTS}/bar`, "/nowhere").file(`${STATE}/bar/toplevel`),
    },
  ],
  "a root of a VM that leaves now, with a toplevel behind a link": [
    "imperative",
    {
      removes: ["bar"],
      tree: (tree) =>
        tree
          .link(`${ROOTS}/bar`, "/nowhere")
          .link("/opt/x/toplevel", "/nowhere")
          .link(`${STATE}/bar`, "/opt/x"),
    },
  ],
  "C is G": [
    undefined,
    { tree: (tree) => tree.link("/run/x", GENERATION).link(CURRENT, "/run/x") },
  ],
  "the booted system declares it": ["leftover", together(FACTS[7] ?? {}, FACTS[10] ?? {})],
  "a retained generation declares it": [
    "leftover",
    together(FACTS[10] ?? {}, {
      tree: (tree) =>
        tree.file(`${OLDER}/${INSTALL}`).link("/nix/var/nix/profiles/system-7-link", OLDER),
    }),
  ],
  "a generation of another profile declares it": [
    "ghost",
    together(FACTS[10] ?? {}, {
      tree: (tree) =>
        tree.file(`${OLDER}/${INSTALL}`).link("/nix/var/nix/profiles/other-7-link", OLDER),
    }),
  ],
  "a retained generation that is gone": [
    "ghost",
    together(FACTS[10] ?? {}, {
      tree: (tree) => tree.link("/nix/var/nix/profiles/system-7-link", "/nix/store/gone"),
    }),
  ],
  "its state directory has a link toplevel that dangles": [
    "leftover",
    { tree: (tree) => tree.link(`${STATE}/bar/toplevel`, "/nowhere") },
  ],
  "its state directory has a file toplevel": [
    "imperative",
    { tree: (tree) => tree.file(`${STATE}/bar/toplevel`) },
  ],
  "its state directory is a link to one with a toplevel": [
    "imperative",
    { tree: (tree) => tree.link("/opt/x/toplevel", "/nowhere").link(`${STATE}/bar`, "/opt/x") },
  ],
  "its state directory is a link to nowhere": [
    "imperative",
    { tree: (tree) => tree.link(`${STATE}/bar`, "/nowhere") },
  ],
  "a file is no state directory": [
    "ghost",
    together(FACTS[10] ?? {}, { tree: (tree) => tree.file(`${STATE}/bar`) }),
  ],
  "a state directory that is elsewhere": [
    "imperative",
    { stateDir: "/srv/vms", tree: (tree) => tree.directory("/srv/vms/bar") },
  ],
  "an old state directory that is elsewhere": [
    undefined,
    { stateDir: "/srv/vms", tree: (tree) => tree.directory(`${STATE}/bar`) },
  ],
  "a helper unit is active": ["unknown", { units: [listed("microvm-virtiofsd@bar.service")] }],
  "its install unit is active": ["unknown", { units: [listed("install-microvm-bar.service")] }],
  "a unit that is inactive and has a job": [
    "unknown",
    { units: [listed(BAR, { active: "inactive", job: "start" })] },
  ],
  "a unit that has failed": ["ghost", { units: [listed(BAR, { active: "failed" })] }],
  "a unit that has failed, and another that starts": [
    "ghost",
    {
      units: [
        listed(BAR, { active: "failed", description: "start it" }),
        listed("other.service", { active: "activating", job: "start" }),
      ],
    },
  ],
  "B declares it": [
    "ghost",
    together(FACTS[10] ?? {}, {
      tree: (tree) => tree.file(`${OLDER}/${INSTALL}`).link(PROFILE, OLDER),
    }),
  ],
};

describe.skipIf(requireNamespaces())("evidence", () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.close());

  it.each(Object.entries(EVIDENCE))("%s", async (_title, [verdict, description]) => {
    expect(await verdictOf(description)).toBe(verdict);
  });
});
