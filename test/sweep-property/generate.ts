import fc from "fast-check";
import {
  type Data,
  DEFAULT_STATE_DIR,
  type DescribedHost,
  GENERATION,
  type LoadedUnit,
  REVIVING,
  STOPPING,
  UNITS,
} from "../oracle/host.ts";
import { PENDING } from "../oracle/oracle.ts";
import { RECORD, recordText } from "../oracle/record.ts";
import { Tree } from "../oracle/tree.ts";
import { FAMILIES } from "../oracle/units.ts";
import { appearance } from "./generateUnitFiles.ts";

const NAMES = ["bar", "bar", "fw", "fw", "baz", "a.b", "x@y", "@", "booted-bar", "old-fw", "-dash"];
const RARE_NAMES = ["c:d", "e\\x2d", "bar-"];
const OLD = ["/nix/store/g-1", "/nix/store/g-2"];
const SPECIALISATION = "/nix/store/g-spec";
/** A system of which G may be a specialisation. */
const PARENT = "/nix/store/g-parent";
const STATE_DIRS = [DEFAULT_STATE_DIR, DEFAULT_STATE_DIR, DEFAULT_STATE_DIR, "/srv/vms"];
const ROOTS = "/nix/var/nix/gcroots/microvm";
const PROFILES = "/nix/var/nix/profiles";

/** Changes a tree. A host is made of many of them, so that it shrinks to the few that matter. */
export type Change = (tree: Tree) => void;

export const vmName = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom(...RARE_NAMES) },
);
const names = (most: number) =>
  fc.uniqueArray(vmName, { maxLength: most }).map((list) => [...list].sort());
const family = fc.constantFrom(...FAMILIES);
const stateDir = fc.constantFrom(...STATE_DIRS);

const installUnit = fc
  .tuple(fc.constantFrom(...OLD, ...OLD, GENERATION, SPECIALISATION, PARENT), vmName)
  .map(
    ([top, vm]): Change =>
      (tree) =>
        tree.file(`${top}/${UNITS}/install-microvm-${vm}.service`),
  );

const template = fc.oneof(
  family.map((text) => `${text}@.service`),
  fc.constant("microvms.target"),
);

const generationUnit = fc
  .tuple(
    fc.constantFrom(...OLD, GENERATION, GENERATION),
    fc.oneof(
      { weight: 4, arbitrary: template },
      { weight: 1, arbitrary: vmName.map((vm) => `microvm@${vm}.service.d/x.conf`) },
      { weight: 1, arbitrary: vmName.map((vm) => `microvm@${vm}.service`) },
      { weight: 1, arbitrary: vmName.map((vm) => `multi-user.target.wants/microvm@${vm}.service`) },
    ),
  )
  .map(
    ([top, unit]): Change =>
      (tree) =>
        tree.file(`${top}/${UNITS}/${unit}`, "[Unit]\n"),
  );

const ODD_ENTRIES = ["lost+found", "with space", "new\nline", "*"];

const stateEntry = fc
  .tuple(
    stateDir,
    fc.oneof(
      { weight: 4, arbitrary: vmName },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_ENTRIES) },
    ),
    fc.constantFrom(
      "directory",
      "directory",
      "toplevel",
      "toplevel",
      "current",
      "link",
      "file",
      "dangling",
    ),
  )
  .map(
    ([directory, vm, kind]): Change =>
      (tree) => {
        const path = `${directory}/${vm}`;
        if (kind === "file") tree.file(path, "x");
        else if (kind === "link")
          tree.link("/opt/elsewhere/toplevel", "/nix/store/gone").link(path, "/opt/elsewhere");
        else if (kind === "dangling") tree.link(path, "/nowhere");
        else tree.file(`${path}/disk.img`, "data");
        if (kind === "toplevel") tree.link(`${path}/toplevel`, "/nix/store/gone");
        if (kind === "current")
          tree.directory("/nix/store/u").link(`${path}/current`, "/nix/store/u");
      },
  );

const rootLink = fc
  .tuple(
    stateDir,
    vmName,
    fc.constantFrom("", "", "booted-", "old-"),
    fc.constantFrom("current", "current", "store"),
  )
  .map(
    ([directory, vm, which, target]): Change =>
      (tree) => {
        const leads = target === "store";
        if (leads) tree.directory("/nix/store/u");
        tree.link(`${ROOTS}/${which}${vm}`, leads ? "/nix/store/u" : `${directory}/${vm}/current`);
      },
  );

const links = fc
  .constantFrom<readonly (readonly [string, string])[]>(
    [["/run/current-system", OLD[0] ?? ""]],
    [["/run/current-system", OLD[0] ?? ""]],
    [["/run/current-system", OLD[1] ?? ""]],
    [["/run/current-system", GENERATION]],
    [["/run/booted-system", OLD[0] ?? ""]],
    [[`${PROFILES}/system-7-link`, OLD[1] ?? ""]],
    [[`${PROFILES}/system-8-link`, GENERATION]],
    [[`${PROFILES}/system`, GENERATION]],
    [[`${PROFILES}/system`, OLD[1] ?? ""]],
    [[`${GENERATION}/specialisation/s`, SPECIALISATION]],
    [
      [`${PROFILES}/system`, PARENT],
      [`${PARENT}/specialisation/g`, GENERATION],
      [`${PARENT}/specialisation/s`, SPECIALISATION],
    ],
  )
  .map(
    (pairs): Change =>
      (tree) => {
        for (const [path, target] of pairs) tree.link(path, target);
      },
  );

const record = fc
  .record({
    toplevel: fc.constantFrom(...OLD, OLD[0] ?? "", GENERATION),
    next: fc.constantFrom("", GENERATION, OLD[1] ?? ""),
    stateDir: fc.constantFrom(...STATE_DIRS, "/opt/vms"),
    names: fc.array(
      fc.oneof(
        { weight: 9, arbitrary: vmName },
        { weight: 1, arbitrary: fc.constantFrom("..", "a b") },
      ),
      {
        maxLength: 4,
      },
    ),
    unfinished: names(2),
  })
  .map(
    (content): Change =>
      (tree) =>
        tree.file(RECORD, recordText(content)),
  );

const pending = fc.constant<Change>((tree) => tree.file(PENDING, "reload\n"));

const change = fc.oneof(
  { weight: 4, arbitrary: installUnit },
  { weight: 2, arbitrary: generationUnit },
  { weight: 4, arbitrary: stateEntry },
  { weight: 8, arbitrary: appearance(vmName, template) },
  { weight: 2, arbitrary: rootLink },
  { weight: 4, arbitrary: links },
  { weight: 1, arbitrary: record },
  { weight: 1, arbitrary: pending },
);

const unitName = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(family, vmName).map(([text, vm]) => `${text}@${vm}.service`) },
  { weight: 1, arbitrary: vmName.map((vm) => `install-microvm-${vm}.service`) },
  { weight: 2, arbitrary: fc.constantFrom("other.service", "proxy.service") },
);

const dependency = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...STOPPING) },
  { weight: 1, arbitrary: fc.constantFrom(...REVIVING) },
);

/** Mostly none: where many units need others, hardly a VM would stop. */
const dependents = fc.oneof(
  { weight: 6, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(fc.tuple(dependency, unitName), {
      minLength: 1,
      maxLength: 3,
      selector: ([, name]) => name,
    }),
  },
);

const unit: fc.Arbitrary<LoadedUnit> = fc.record(
  {
    name: unitName,
    load: fc.oneof(
      { weight: 12, arbitrary: fc.constant("loaded" as const) },
      { weight: 1, arbitrary: fc.constant("not-found" as const) },
    ),
    active: fc.constantFrom(
      "active",
      "active",
      "active",
      "activating",
      "deactivating",
      "inactive",
      "failed",
    ),
    onStop: fc.oneof(
      { weight: 7, arbitrary: fc.constant("stops" as const) },
      { weight: 3, arbitrary: fc.constantFrom("fails", "refuses", "revives", "complains") },
    ),
    starts: fc.integer({ min: 0, max: 15 }).map((n) => n === 15),
    dependents,
  },
  { noNullPrototype: true },
);

/** File systems at, above, below and beside the state directories. */
const POINTS = [
  "/",
  "/var/lib",
  "/var/lib/microvms",
  "/var/lib/microvms/bar/disks",
  "/srv",
  "/var/lib/microvms-old",
];

const data: fc.Arbitrary<Data> = fc.record({
  vms: names(3),
  autostart: names(1),
  stateDir,
  fileSystems: fc.oneof(
    { weight: 5, arbitrary: fc.constant(["/"]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...POINTS), { maxLength: 3 }) },
  ),
  backend: fc.constantFrom("activation", "activation", "activation", "service"),
  policy: fc.record({
    orphans: fc.constantFrom("stop", "stop", "stop-all", "report"),
    unitFiles: fc.constantFrom("delete", "delete", "quarantine", "report"),
    state: fc.constantFrom("keep", "archive", "delete"),
    gcroots: fc.constantFrom("prune", "prune", "keep"),
    keep: names(1),
    stateDelete: names(4),
    unitDirs: fc.constantFrom<string[]>([], ["/opt/units"]),
    archiveDir: fc.constantFrom("/var/lib/microvm-sweep/archive", "/srv/archive"),
  }),
});

const systemd = fc.constantFrom<Pick<DescribedHost, "systemd" | "because">>(
  ...Array.from({ length: 8 }, () => ({ systemd: "running" as const })),
  { systemd: "boot" },
  { systemd: "boot" },
  { systemd: "boot", because: "chroot" },
  { systemd: "silent" },
  { systemd: "silent", because: "offline" },
  { systemd: "silent", because: "cut" },
);

/** Any host: few names, that meet in many places. */
export const anyHost: fc.Arbitrary<DescribedHost> = fc
  .record({
    data,
    systemd,
    action: fc.constantFrom("switch", "switch", "switch", "test", ""),
    showFails: fc.integer({ min: 0, max: 30 }).map((n) => n === 30),
    changes: fc.array(change, { maxLength: 25 }),
    linkedEtc: fc.boolean(),
    mounts: fc.oneof(
      { weight: 5, arbitrary: fc.constant<string[]>([]) },
      {
        weight: 1,
        arbitrary: fc.uniqueArray(fc.constantFrom(...POINTS.slice(1), "/var/lib/microvm-sweep"), {
          maxLength: 2,
        }),
      },
    ),
    open: fc.oneof(
      { weight: 4, arbitrary: fc.constant<string[]>([]) },
      {
        weight: 1,
        arbitrary: fc.tuple(stateDir, vmName).map(([dir, vm]) => [`${dir}/${vm}/disk.img`]),
      },
      { weight: 1, arbitrary: fc.tuple(stateDir, vmName).map(([dir, vm]) => [`${dir}/${vm}`]) },
    ),
    units: fc.uniqueArray(unit, { selector: (loaded) => loaded.name, maxLength: 10 }),
    hasGeneration: fc.integer({ min: 0, max: 40 }).map((n) => n < 40),
  })
  .map(({ changes, linkedEtc, hasGeneration, ...host }): DescribedHost => {
    const tree = new Tree()
      .directory(host.data.stateDir)
      .directory("/etc/systemd/system")
      .directory(GENERATION);
    if (hasGeneration) tree.directory(`${GENERATION}/${UNITS}`);
    for (const apply of changes) apply(tree);
    if (linkedEtc) {
      tree.remove("/etc/systemd/system");
      tree
        .link("/etc/static", `${GENERATION}/etc`)
        .link("/etc/systemd/system", "/etc/static/systemd/system");
    }
    // The service runs when G is the current system.
    const isService = host.data.backend === "service";
    if (isService) tree.link("/run/current-system", GENERATION);
    const isBoot = host.systemd.systemd === "boot";
    if (isBoot) tree.remove("/run");
    for (const point of host.mounts) if (tree.stat(point) === undefined) tree.directory(point);
    return {
      ...host,
      ...host.systemd,
      action: isBoot || isService ? "" : host.action,
      mounts: host.mounts.filter((point) => isDirectory(tree, point)),
      // What is open is a directory of the tree or a file in one, not a link that leads out of it.
      open: host.open.filter((path) => tree.resolve(path) === path),
      units: isBoot ? [] : host.units,
      tree,
    };
  });

function isDirectory(tree: Tree, path: string): boolean {
  return tree.resolve(path) === path && tree.stat(path)?.kind === "directory";
}
