import { ROOTS, replacedNames, stateDirs } from "./evidence.ts";
import { type Fate, type Fates, fatesOn, holders, isGone } from "./fates.ts";
import { hiddenPlaces } from "./hidden.ts";
import {
  DEFAULT_STATE_DIR,
  type DescribedHost,
  GENERATION,
  isRunning,
  type LoadedUnit,
  UNITS,
} from "./host.ts";
import { RECORD, recordText } from "./record.ts";
import { type StaleFiles, staleFiles } from "./staleFiles.ts";
import {
  danglingRoots,
  mountOf,
  type StateMoves,
  stateElsewhere,
  stateMoves,
  statePath,
} from "./state.ts";
import type { Tree } from "./tree.ts";
import { isOwnedDirectory } from "./unitFiles.ts";
import { vmOf } from "./units.ts";
import type { Verdict } from "./verdict.ts";

export const PENDING = "/run/microvm-sweep/reload";
/** Stands for the time of the run in paths of quarantine and archive. */
const TIME = "TIME";
const QUARANTINE = `/var/lib/microvm-sweep/quarantine/${TIME}`;

/** What a sweep is expected to do to a host. Items are in no order. */
export interface Expected {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Units that `systemctl stop` is called for, and that `systemctl reset-failed` resets. */
  readonly stopped: readonly string[];
  readonly reset: readonly string[];
  readonly reloads: number;
  readonly tree: Tree;
  readonly units: readonly LoadedUnit[];
  /** Items by the words of a line on standard output. */
  readonly acts: ReadonlyMap<string, readonly string[]>;
  /** Names and paths that standard error must contain. */
  readonly named: readonly string[];
  readonly failed: boolean;
  /**
   * A later run may find more to do: a step failed, something starts a stopped VM again, or a state
   * directory has been looked at that only the old record names.
   */
  readonly isOpen: boolean;
}

/** All that is decided of a host before anything is done. */
interface Decision extends Fates {
  readonly host: DescribedHost;
  readonly files: StaleFiles;
  /** The unit files that go. */
  readonly stale: readonly string[];
  readonly reloads: boolean;
  readonly state: StateMoves;
  readonly roots: readonly string[];
}

const NO_FILES: StaleFiles = {
  stale: [],
  kept: [],
  overrides: [],
  templatesGo: false,
  templatesStay: false,
};

function decide(host: DescribedHost, real: boolean): Decision {
  const fates = fatesOn(host, real);
  const { policy } = host.data;
  const files = host.systemd === "silent" ? NO_FILES : staleFiles(host, fates.fates);
  const refused = files.stale.filter((path) => isQuarantined(host, path) && crosses(host, path));
  const stale =
    policy.unitFiles === "report" ? [] : files.stale.filter((path) => !refused.includes(path));
  const pending = host.tree.stat(PENDING);
  const wasPending = pending?.kind === "file" && pending.text !== "";
  const state = stateMoves(host, fates.fates);
  return {
    ...fates,
    host,
    files,
    stale,
    reloads: host.systemd === "running" && (stale.length > 0 || wasPending),
    state,
    roots: danglingRoots(host, fates.fates, state.goes),
    failed: fates.failed || state.refused.length > 0 || refused.length > 0,
  };
}

/** Files of this boot are never quarantined (design, "State"). */
function isQuarantined({ data }: DescribedHost, path: string): boolean {
  return data.policy.unitFiles === "quarantine" && !path.startsWith("/run/");
}

/** Whether a rename into the quarantine would cross a file system. */
function crosses(host: DescribedHost, path: string): boolean {
  return mountOf(host, path.slice(0, path.lastIndexOf("/"))) !== mountOf(host, QUARANTINE);
}

/** The failed units of what is gone. */
function failedUnits({ host, fates }: Decision, units: readonly LoadedUnit[]): string[] {
  if (host.systemd !== "running") return [];
  return units
    .filter((unit) => unit.active === "failed" && !isRunning(unit))
    .filter((unit) => isGone(fates, vmOf(unit.name) ?? ""))
    .map(({ name }) => name);
}

/** Whether the record names a state directory that is not G's and not the default one. */
function hasOldDirectory(host: DescribedHost): boolean {
  const known = [host.data.stateDir, DEFAULT_STATE_DIR];
  return stateDirs(host).some((directory) => !known.includes(directory));
}

function treeAfter({ host, fates, stale, roots, state, reloads }: Decision): Tree {
  const { policy } = host.data;
  const tree = host.tree.copy();
  for (const path of stale) {
    if (isQuarantined(host, path)) {
      tree.move(path, QUARANTINE + path);
      continue;
    }
    tree.remove(path);
    const above = path.slice(0, path.lastIndexOf("/"));
    if (isOwnedDirectory(above) && tree.list(above).length === 0) tree.remove(above);
  }
  for (const root of roots) tree.remove(`${ROOTS}/${root}`);
  for (const name of state.goes) {
    const path = statePath(host, name);
    if (policy.state === "archive") tree.move(path, `${policy.archiveDir}/${name}-${TIME}`);
    else tree.remove(path);
  }
  if (reloads) tree.file(PENDING);
  tree.file(RECORD, recordAfter(host, fates));
  return tree;
}

/** The record for the next run: what G declares, and orphans that could not be stopped. */
function recordAfter(host: DescribedHost, fates: ReadonlyMap<string, Fate>): string {
  const replaced = replacedNames(host);
  const failed = [...fates].flatMap(([name, fate]) =>
    fate === "failed" && replaced.includes(name) ? [name] : [],
  );
  const names = [...host.data.vms, ...failed];
  return recordText({
    toplevel: GENERATION,
    next: "",
    stateDir: host.data.stateDir,
    names,
    unfinished: [],
  });
}

/** Lines by their words; a line without items is not printed, unless it never has any. */
function actsOf(decision: Decision): Map<string, readonly string[]> {
  const { host, stops, stale, reloads, roots, state } = decision;
  const { archiveDir, state: stateRule } = host.data.policy;
  const moves = stale.filter((path) => isQuarantined(host, path));
  const lines: [string, readonly string[]][] = [
    ["stop orphaned MicroVMs", stops.names],
    ["remove stale unit files", stale.filter((path) => !moves.includes(path))],
    ["quarantine stale unit files", moves],
    ["reset failed units", failedUnits(decision, decision.after)],
    ["remove dangling garbage collection roots", roots],
    [
      `${stateRule} state directories`,
      stateRule === "archive"
        ? state.goes.map((name) => `${name} -> ${archiveDir}/${name}-${TIME}`)
        : state.goes,
    ],
  ];
  const acts = new Map(lines.filter(([, items]) => items.length > 0));
  if (reloads) acts.set("reload systemd", []);
  return acts;
}

/** The names and paths that a report must contain. */
function namedIn(decision: Decision): string[] {
  const { host, fates, files, state } = decision;
  const withFate = (...kinds: readonly Fate[]) =>
    [...fates].filter(([, fate]) => kinds.includes(fate)).map(([name]) => name);
  const replaced = replacedNames(host);
  const reports = host.data.policy.unitFiles === "report";
  const atRest = withFate("imperative").filter((name) => !holders(host, fates).includes(name));
  const because = [
    ...(files.templatesStay ? holders(host, fates) : []),
    ...(files.templatesGo && !reports ? atRest : []),
  ];
  const hidden = host.systemd === "running" ? hiddenPlaces(host) : [];
  const orphans = withFate("orphan");
  return [
    ...withFate("foreign", "lingering", "left", "failed"),
    // Where systemd is silent, every VM may be one of these.
    ...(host.systemd === "silent" ? [] : withFate("unknown")),
    ...withFate("imperative").filter((name) => replaced.includes(name)),
    ...files.kept,
    ...files.overrides,
    ...(reports ? files.stale : []),
    ...because,
    ...(state.crosses
      ? [host.data.policy.archiveDir]
      : state.refused.map((name) => `${host.data.stateDir}/${name}`)),
    ...stateElsewhere(host, orphans),
    // One of several is enough.
    ...(hidden.length === 1 ? hidden : []),
  ];
}

/** Only an error: the units of the generation are missing, so all would look stale. */
function nothing(host: DescribedHost): Expected {
  return {
    verdicts: new Map(),
    stopped: [],
    reset: [],
    reloads: 0,
    tree: host.tree,
    units: host.units,
    acts: new Map(),
    named: [],
    failed: true,
    isOpen: true,
  };
}

/**
 * What a sweep does to a host, from the design alone ("Rules of the sweep").
 *
 * @param dry whether nothing is done, as in a dry activation or a plan
 */
export function oracle(host: DescribedHost, dry = host.action === "dry-activate"): Expected {
  if (host.tree.stat(`${GENERATION}/${UNITS}`)?.kind !== "directory") return nothing(host);
  const decision = decide(host, !dry);
  const { reloads, after, stops } = decision;
  const reset = failedUnits(decision, after);
  const units = after.filter(
    (unit) =>
      !(reloads && unit.active === "inactive" && !unit.starts) && !reset.includes(unit.name),
  );
  return {
    verdicts: decision.verdicts,
    stopped: dry ? [] : stops.units.map(({ name }) => name),
    reset: dry ? [] : reset,
    reloads: !dry && reloads ? 1 : 0,
    tree: dry ? host.tree : treeAfter(decision),
    units: dry ? host.units : units,
    acts: actsOf(decision),
    named: [...new Set(namedIn(decision))],
    failed: decision.failed,
    isOpen: decision.failed || stops.revived.length > 0 || hasOldDirectory(host),
  };
}
