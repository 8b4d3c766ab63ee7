import fc from "fast-check";
import {
  type Data,
  type DescribedHost,
  GENERATION,
  type LoadedUnit,
  UNITS,
} from "../oracle/host.ts";
import { Tree } from "../oracle/tree.ts";
import { change } from "./generateChanges.ts";
import { rarely, stateDir, vmName, vmNames } from "./generateNames.ts";
import { layOutRemovals, type Removal, removals } from "./generateRemovals.ts";
import { loadedUnits, otherUnits } from "./generateUnits.ts";

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
  vms: vmNames(3),
  autostart: vmNames(1),
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
    keep: vmNames(1),
    stateDelete: vmNames(4),
    unitDirs: fc.constantFrom<string[]>([], ["/opt/units"], ["/opt/\u001b[31munits"]),
    archiveDir: fc.constantFrom("/var/lib/microvm-sweep/archive", "/srv/archive"),
    limit: fc.constantFrom(undefined, undefined, 0, 1),
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
    showFails: rarely(30),
    removals: fc.oneof(fc.constant<Removal[]>([]), removals),
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
    units: loadedUnits,
    others: otherUnits,
    lacksGeneration: rarely(40),
  })
  .map(
    ({
      changes,
      linkedEtc,
      lacksGeneration,
      removals: removed,
      others,
      ...host
    }): DescribedHost => {
      const tree = new Tree()
        .directory(host.data.stateDir)
        .directory("/etc/systemd/system")
        .directory(GENERATION);
      if (!lacksGeneration) tree.directory(`${GENERATION}/${UNITS}`);
      const isService = host.data.backend === "service";
      for (const apply of changes) apply(tree);
      layOutRemovals(tree, removed, host.data.stateDir, isService);
      if (linkedEtc) {
        tree.remove("/etc/systemd/system");
        tree
          .link("/etc/static", `${GENERATION}/etc`)
          .link("/etc/systemd/system", "/etc/static/systemd/system");
      }
      // The service runs when G is the current system.
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
        data: without(
          host.data,
          removed.map(({ name }) => name),
        ),
        units: isBoot
          ? []
          : unique([...removed.flatMap(({ units }) => units), ...others, ...host.units]),
        tree,
      };
    },
  );

function isDirectory(tree: Tree, path: string): boolean {
  return tree.resolve(path) === path && tree.stat(path)?.kind === "directory";
}

/** The data of a host that does not declare some names. */
function without(data: Data, names: readonly string[]): Data {
  const rest = (list: readonly string[]) => list.filter((name) => !names.includes(name));
  return { ...data, vms: rest(data.vms), autostart: rest(data.autostart) };
}

function unique(units: readonly LoadedUnit[]): LoadedUnit[] {
  return [...new Map(units.toReversed().map((unit) => [unit.name, unit])).values()];
}
