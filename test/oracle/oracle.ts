import {
  hasState,
  hiddenPlace,
  isNewlyReplaced,
  isReplaced,
  ledgerNames,
  rootedNames,
  unfinishedNames,
} from "./evidence.ts";
import { type DescribedHost, type Expected, GENERATION, type LoadedUnit } from "./host.ts";
import { neededUnits } from "./neededUnits.ts";
import { staleFiles } from "./staleFiles.ts";
import type { Tree } from "./tree.ts";
import { unitFiles } from "./unitFiles.ts";
import { isInstanceName, ownerOf } from "./units.ts";
import { isActive, type Verdict, verdictOn } from "./verdict.ts";

const LEDGER = "/run/microvm-sweep/declared";
const UNFINISHED = "/run/microvm-sweep/unfinished";
const PENDING = "/run/microvm-sweep/pending";
const ROOTS = "/nix/var/nix/gcroots/microvm";
const STORE = "/var/lib/microvm-sweep";
/** Stands for the time of the run in paths of quarantine and archive. */
const TIME = "TIME";

function instanceOf({ name }: LoadedUnit): string | undefined {
  const owner = ownerOf(name);
  return owner !== undefined && "instance" in owner ? owner.instance : undefined;
}

/** Every name that anything on the host mentions. */
function namesOn(host: DescribedHost): string[] {
  const { tree, program, units } = host;
  const current = tree.list("/run/current-system/etc/systemd/system").flatMap((unit) => {
    const name = /^install-microvm-(.+)\.service$/s.exec(unit)?.[1] ?? "";
    return isReplaced(host, name) ? [name] : [];
  });
  const state = tree.list(program.stateDir).filter((name) => hasState(host, name));
  const files = unitFiles(host).flatMap(({ owner }) =>
    "instance" in owner ? [owner.instance] : [],
  );
  const loaded = host.systemd === "running" ? units.flatMap((unit) => instanceOf(unit) ?? []) : [];
  const declared = [...program.vms, ...program.autostart];
  const records = [...ledgerNames(host), ...unfinishedNames(host), ...rootedNames(host)];
  const all = [...current, ...state, ...files, ...loaded, ...declared, ...records];
  return [...new Set(all)].filter(isInstanceName);
}

/** What becomes of each name: its verdict, and for an orphan whether it is stopped. */
export type Fate = Verdict | "left" | "failed";

interface Stops {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly orphans: readonly string[];
  readonly stopped: readonly LoadedUnit[];
  /** Orphans with which something would stop that stays. */
  readonly needed: readonly string[];
  readonly failed: boolean;
}

/** Takes the orphans out of `orphans` that must not be stopped, and returns them. */
function takeNeeded(host: DescribedHost, orphans: string[], fates: Map<string, Fate>): string[] {
  const isOrphan = (unit: LoadedUnit) => orphans.includes(instanceOf(unit) ?? "");
  const needed: string[] = [];
  for (;;) {
    const found = neededUnits(host.units, isOrphan).flatMap((unit) => instanceOf(unit) ?? []);
    if (found.length === 0) return needed;
    for (const name of new Set(found)) {
      orphans.splice(orphans.indexOf(name), 1);
      fates.set(name, "failed");
      needed.push(name);
    }
  }
}

function stop(host: DescribedHost, verdicts: ReadonlyMap<string, Verdict>): Stops {
  const { policy } = host.program;
  const fates = new Map<string, Fate>(verdicts);
  const orphans: string[] = [];
  for (const [name, verdict] of verdicts) {
    if (verdict !== "orphan" || !isActive(host, name)) continue;
    if (host.systemd === "silent") fates.set(name, "failed");
    else if (policy.orphans === "report") fates.set(name, "left");
    else orphans.push(name);
  }
  const needed = takeNeeded(host, orphans, fates);
  const stopped = host.units.filter(
    (unit) =>
      orphans.includes(instanceOf(unit) ?? "") && !["inactive", "failed"].includes(unit.active),
  );
  const refusing = host.dry ? [] : stopped.filter(({ onStop }) => onStop === "refuses");
  for (const unit of refusing) fates.set(instanceOf(unit) ?? "", "failed");
  return { fates, orphans, stopped, needed, failed: refusing.length > 0 };
}

/** The units as they are after the stop. */
function unitsAfterStop(host: DescribedHost, stopped: readonly LoadedUnit[]): LoadedUnit[] {
  return host.units.map((unit) => {
    if (!stopped.includes(unit) || unit.onStop === "refuses") return unit;
    return { ...unit, active: unit.onStop === "fails" ? "failed" : "inactive" };
  });
}

const GONE: readonly (Fate | undefined)[] = ["orphan", "leftover", "ghost"];

function isGone(fates: ReadonlyMap<string, Fate>, name: string): boolean {
  return GONE.includes(fates.get(name));
}

/** The roots that dangle and that no VM which is left could need. */
function danglingRoots(
  host: DescribedHost,
  tree: Tree,
  fates: ReadonlyMap<string, Fate>,
): string[] {
  const isNeeded = (name: string) =>
    host.program.policy.keep.includes(name) ||
    (fates.has(name) ? !isGone(fates, name) : hasState(host, name));
  return tree.list(ROOTS).filter((root) => {
    const path = `${ROOTS}/${root}`;
    if (tree.lstat(path)?.kind !== "link" || tree.stat(path) !== undefined) return false;
    return ![root, root.replace(/^booted-/, ""), root.replace(/^old-/, "")].some(isNeeded);
  });
}

/** Directories that the state policy lets go, and the links in their place that it refuses to follow. */
function stateOf(host: DescribedHost, fates: ReadonlyMap<string, Fate>) {
  const { state, stateDelete } = host.program.policy;
  const names = [...fates.keys()].filter(
    (name) =>
      state !== "keep" &&
      isGone(fates, name) &&
      hasState(host, name) &&
      (state === "archive" || stateDelete.includes(name)),
  );
  const isLink = (name: string) =>
    host.tree.lstat(`${host.program.stateDir}/${name}`)?.kind === "link";
  return { goes: names.filter((name) => !isLink(name)), refused: names.filter(isLink) };
}

/** The tree as it is when the state directories have gone, where roots lead to. */
function withoutState(host: DescribedHost, names: readonly string[]): Tree {
  const tree = host.tree.copy();
  for (const name of names) tree.remove(`${host.program.stateDir}/${name}`);
  return tree;
}

function ledgerText(host: DescribedHost, fates: ReadonlyMap<string, Fate>): string {
  const failed = [...fates].flatMap(([name, fate]) =>
    fate === "failed" && isReplaced(host, name) ? [name] : [],
  );
  return [...host.program.vms, ...failed].map((name) => `${name}\n`).join("");
}

/** Nothing but an error: the units of the generation are not there, so all would look stale. */
function nothing(host: DescribedHost): Expected {
  return {
    stopped: [],
    reset: [],
    reloads: 0,
    tree: host.tree,
    units: host.units,
    acts: new Map(),
    reports: new Map([["error", []]]),
    failed: true,
  };
}

/** All that is decided of a host before anything is done. */
interface Decision {
  readonly host: DescribedHost;
  readonly fates: ReadonlyMap<string, Fate>;
  readonly orphans: readonly string[];
  readonly needed: readonly string[];
  readonly files: ReturnType<typeof staleFiles>;
  /** The unit files that go. */
  readonly stale: readonly string[];
  readonly reloads: boolean;
  /** Failed units of what is gone, as they were before the stop. */
  readonly failedUnits: readonly string[];
  readonly roots: readonly string[];
  readonly state: { readonly goes: readonly string[]; readonly refused: readonly string[] };
  readonly failed: boolean;
}

function decide(host: DescribedHost, { fates, orphans, needed, failed }: Stops): Decision {
  const { policy } = host.program;
  const silent = host.systemd === "silent";
  const hidden = hiddenPlace(host) !== undefined;
  const files = silent ? { stale: [], of: [], overrides: [] } : staleFiles(host, fates);
  const stale = policy.unitFiles === "report" ? [] : files.stale;
  const wasPending = textOf(host.tree, PENDING) !== "";
  const state = silent || hidden ? { goes: [], refused: [] } : stateOf(host, fates);
  return {
    host,
    fates,
    orphans,
    needed,
    files,
    stale,
    reloads: host.systemd === "running" && (stale.length > 0 || wasPending),
    failedUnits: host.systemd === "running" ? failedOnes(host.units, fates) : [],
    roots:
      silent || hidden || policy.gcroots === "keep"
        ? []
        : danglingRoots(host, withoutState(host, state.goes), fates),
    state,
    failed: failed || silent || state.refused.length > 0,
  };
}

/** The failed units of what is gone. */
function failedOnes(units: readonly LoadedUnit[], fates: ReadonlyMap<string, Fate>): string[] {
  return units
    .filter((unit) => unit.active === "failed" && isGone(fates, instanceOf(unit) ?? ""))
    .map(({ name }) => name);
}

function treeAfter({ host, fates, stale, roots, state, reloads }: Decision): Tree {
  const { program } = host;
  const tree = host.tree.copy();
  for (const path of stale) {
    if (program.policy.unitFiles === "quarantine")
      tree.move(path, `${STORE}/quarantine/${TIME}${path}`);
    else tree.remove(path);
  }
  for (const root of roots) tree.remove(`${ROOTS}/${root}`);
  for (const name of state.goes) {
    const path = `${program.stateDir}/${name}`;
    if (program.policy.state === "archive") tree.move(path, `${STORE}/archive/${name}-${TIME}`);
    else tree.remove(path);
  }
  const ledger = ledgerText(host, fates);
  if (ledger !== textOf(host.tree, LEDGER)) tree.file(LEDGER, ledger);
  const unfinished = state.refused.map((name) => `${name}\n`).join("");
  // While a directory is being deleted its name is in the record, which is emptied then.
  const wasRecorded = program.policy.state === "delete" && state.goes.length > 0;
  if (wasRecorded || unfinished !== textOf(host.tree, UNFINISHED))
    tree.file(UNFINISHED, unfinished);
  if (reloads) tree.file(PENDING, "");
  return tree;
}

/** Lines by their words; a line without items is not printed, unless it never has any. */
function lines(
  ...all: readonly (readonly [string, readonly string[]])[]
): Map<string, readonly string[]> {
  return new Map(all.filter(([, items]) => items.length > 0));
}

function actsOf({ host, orphans, stale, reloads, failedUnits, roots, state }: Decision) {
  const { policy } = host.program;
  const remove = policy.unitFiles === "quarantine" ? "quarantine" : "remove";
  const archived = (name: string) => `${name} -> ${STORE}/archive/${name}-${TIME}`;
  const acts = lines(
    ["stop orphaned MicroVMs", orphans],
    [`${remove} stale unit files`, stale],
    ["reset failed units", failedUnits],
    ["remove dangling garbage collection roots", roots],
    [
      `${policy.state} state directories`,
      policy.state === "archive" ? state.goes.map(archived) : state.goes,
    ],
  );
  if (reloads) acts.set("reload systemd", []);
  return acts;
}

/** State directories that stay, of what this run stopped or removed files of. */
function keptState({ host, fates, orphans, files }: Decision): string[] {
  const { policy, stateDir } = host.program;
  if (policy.state !== "keep") return [];
  // NixOS may have stopped an orphan before: what stays of it is told all the same, once.
  const ended = [...fates.keys()].filter(
    (name) => fates.get(name) === "orphan" && !isActive(host, name) && isNewlyReplaced(host, name),
  );
  const touched = new Set([
    ...orphans,
    ...ended,
    ...(policy.unitFiles === "report" ? [] : files.of),
  ]);
  return [...touched]
    .filter((name) => isGone(fates, name) && hasState(host, name))
    .map((name) => `${stateDir}/${name}`);
}

function reportsOf(decision: Decision) {
  const { host, fates, files, failed, needed } = decision;
  const withFate = (fate: Fate) =>
    [...fates].flatMap(([name, found]) => (found === fate ? [name] : []));
  const left = host.program.policy.unitFiles === "report" ? files.stale : [];
  const reports = lines(
    ["orphaned MicroVMs left running, as the policy says", withFate("left")],
    ["orphaned MicroVMs left running, because units that stay would stop with them", needed],
    ["still running, declared only by an older generation", withFate("lingering")],
    ["running, but no generation declares them", withFate("unknown")],
    ["overrides of units that this generation has, left alone", files.overrides],
    ["stale unit files left in place, as the policy says", left],
    ["state directories kept", keptState(decision)],
  );
  const hidden = hiddenPlace(host);
  if (hidden !== undefined && host.systemd !== "boot")
    reports.set("not mounted, so what MicroVMs may have there is left alone", [hidden]);
  if (failed) reports.set("error", []);
  return reports;
}

/** What a sweep does to a host, from the design alone ("Rules of the sweep"). */
export function oracle(host: DescribedHost): Expected {
  if (host.tree.stat(`${GENERATION}/etc/systemd/system`)?.kind !== "directory")
    return nothing(host);
  const verdicts = new Map(namesOn(host).map((name) => [name, verdictOn(host, name)] as const));
  const stops = stop(host, verdicts);
  const decision = decide(host, stops);
  const { reloads, failed } = decision;
  const after = host.dry ? host.units : unitsAfterStop(host, stops.stopped);
  // What fails by being stopped is reset too, but not named.
  const reset = host.systemd === "running" ? failedOnes(after, stops.fates) : [];
  const units = after.filter(
    ({ name, active }) => !(reloads && active === "inactive") && !reset.includes(name),
  );
  return {
    stopped: stops.stopped.map(({ name }) => name),
    reset,
    reloads: reloads ? 1 : 0,
    tree: host.dry ? host.tree : treeAfter(decision),
    units: host.dry ? host.units : units,
    acts: actsOf(decision),
    reports: reportsOf(decision),
    failed,
  };
}

function textOf(tree: Tree, path: string): string {
  const node = tree.stat(path);
  return node?.kind === "file" ? node.text : "";
}
