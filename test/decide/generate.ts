import fc from "fast-check";
import {
  CURRENT,
  type Data,
  DEFAULT_STATE_DIR,
  type DescribedHost,
  GENERATION,
  type ListedUnit,
  UNITS,
} from "../oracle/host.ts";
import { Tree } from "../oracle/tree.ts";
import { TARGET } from "../oracle/units.ts";
import { change } from "./generateChanges.ts";
import { vmNames } from "./generateNames.ts";
import { layOutRemovals, type Removal, removals } from "./generateRemovals.ts";
import { listedUnits } from "./generateUnits.ts";

const data: fc.Arbitrary<Data> = fc.record({
  vms: vmNames(2),
  autostart: vmNames(1),
  stateDir: fc.constantFrom(DEFAULT_STATE_DIR, DEFAULT_STATE_DIR, "/srv/vms"),
  backend: fc.constantFrom("activation", "activation", "activation", "service"),
  policy: fc.record({
    orphans: fc.constantFrom("stop", "stop", "stop-all", "report"),
    unitFiles: fc.constantFrom("remove", "remove", "remove", "report"),
    keep: vmNames(1),
  }),
});

/** Any host: few names, that meet in many places. */
export const anyHost: fc.Arbitrary<DescribedHost> = data.chain((described) =>
  fc
    .record({
      systemd: fc.constantFrom("running", "running", "running", "absent"),
      action: fc.constantFrom("switch", "switch", "test", "dry-activate", ""),
      removals: fc.oneof(fc.constant<Removal[]>([]), removals),
      changes: fc.array(change(described.stateDir), { maxLength: 25 }),
      linkedEtc: fc.boolean(),
      isPlanned: fc.boolean(),
      // An active VM that nobody knows holds the templates.
      units: fc.oneof(fc.constant<ListedUnit[]>([]), listedUnits),
    })
    .map(({ systemd, action, removals: removed, changes, linkedEtc, isPlanned, units }) => {
      const host = without(
        described,
        removed.map(({ name }) => name),
      );
      const tree = new Tree()
        .directory(host.stateDir)
        .directory("/etc/systemd/system")
        .directory(`${GENERATION}/${UNITS}`);
      for (const apply of changes) apply(tree);
      layOutRemovals(tree, removed, host.stateDir);
      if (linkedEtc) linkEtc(tree);
      writeTarget(tree, host.autostart);
      // The service runs when G is the current system, and a plan of it before; at boot there is none.
      const isService = host.backend === "service";
      if (isService && !isPlanned) tree.link(CURRENT, GENERATION);
      const isBoot = systemd === "absent";
      if (isBoot) tree.remove("/run");
      return {
        data: host,
        systemd,
        action: isBoot || isService ? "" : action,
        units: isBoot ? [] : unique([...removed.flatMap((each) => each.units), ...units]),
        tree,
      };
    }),
);

/** The data of a host that does not declare some names. */
function without(host: Data, names: readonly string[]): Data {
  const rest = (list: readonly string[]) => list.filter((name) => !names.includes(name));
  return { ...host, vms: rest(host.vms), autostart: rest(host.autostart) };
}

/** The page says what G declares, so its target says the same. */
function writeTarget(tree: Tree, autostart: readonly string[]): void {
  const target = `${GENERATION}/${UNITS}/${TARGET}`;
  const units = autostart.map((name) => `microvm@${name}.service`);
  if (units.length > 0 || tree.has(target)) tree.file(target, `[Unit]\nWants=${units.join(" ")}\n`);
}

/** As NixOS has it: the directory of units is G's. */
function linkEtc(tree: Tree): void {
  tree.remove("/etc/systemd/system");
  tree.remove("/etc/static");
  tree
    .link("/etc/static", `${GENERATION}/etc`)
    .link("/etc/systemd/system", "/etc/static/systemd/system");
}

function unique(units: readonly ListedUnit[]): ListedUnit[] {
  return [...new Map(units.toReversed().map((unit) => [unit.name, unit])).values()];
}
