import {
  hasState,
  isActive,
  isRooted,
  replacedNames,
  rootsOf,
  specialisedNames,
  stateDirs,
  vmOfRoot,
} from "./evidence.ts";
import { isHidden } from "./hidden.ts";
import { type DescribedHost, isRunning, type LoadedUnit } from "./host.ts";
import { countingRecord, unfinishedNames } from "./record.ts";
import { planStops, type Stops, unitsAfterStop } from "./stops.ts";
import { type UnitFile, unitFiles } from "./unitFiles.ts";
import { isInstanceName, vmOf } from "./units.ts";
import { type Verdict, verdictOn } from "./verdict.ts";

/** Every name that anything on the host mentions. */
export function namesOn(host: DescribedHost): string[] {
  const { tree, data, units } = host;
  const state = stateDirs(host).flatMap((directory) => tree.list(directory));
  const files = unitFiles(host).flatMap(vmsOfFile);
  const loaded = host.systemd === "running" ? units.map(({ name }) => vmOf(name) ?? "") : [];
  const all = [
    ...data.vms,
    ...data.autostart,
    ...replacedNames(host),
    ...(countingRecord(host)?.names ?? []),
    ...unfinishedNames(host),
    ...state.filter((name) => hasState(host, name)),
    ...files,
    ...loaded,
    ...rootsOf(host)
      .map(vmOfRoot)
      .filter((name) => isRooted(host, name)),
  ];
  return [...new Set(all)].filter(isInstanceName);
}

/** The VM of a unit file, and that of the unit in whose `.wants` directory it is. */
function vmsOfFile({ owner, above }: UnitFile): string[] {
  return [owner, above].flatMap((unit) =>
    unit !== undefined && "name" in unit ? [unit.name] : [],
  );
}

/** `left`: not stopped, as the policy says. `failed`: it runs on, or something starts it again. */
export type Fate = Verdict | "left" | "failed";

export interface Fates {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly fates: ReadonlyMap<string, Fate>;
  readonly stops: Stops;
  /** The units once the stop is over. */
  readonly after: readonly LoadedUnit[];
  readonly failed: boolean;
}

const NO_STOPS: Stops = { names: [], units: [], needed: [], lost: [], revived: [] };

/**
 * Decides what becomes of each name.
 *
 * @param real false for what a dry run can know: it does not see a stop fail
 */
export function fatesOn(host: DescribedHost, real: boolean): Fates {
  const verdicts = new Map(namesOn(host).map((name) => [name, verdictOn(host, name)] as const));
  const fates = new Map<string, Fate>(verdicts);
  const orphans = [...verdicts]
    .filter(([name, verdict]) => verdict === "orphan" && isActive(host, name))
    .map(([name]) => name);
  const set = (names: readonly string[], fate: Fate) => {
    for (const name of names) fates.set(name, fate);
  };
  const none = { verdicts, fates, stops: NO_STOPS, after: host.units };
  if (host.systemd === "silent") {
    set(orphans, "failed");
    return { ...none, failed: true };
  }
  if (host.data.policy.orphans === "report") {
    set(orphans, "left");
    return { ...none, failed: false };
  }
  const stops = planStops(host, orphans);
  const unknowable = host.showFails && orphans.length > stops.lost.length;
  set(stops.lost, "failed");
  if (unknowable) {
    set(orphans, "failed");
    return { ...none, stops: { ...NO_STOPS, lost: stops.lost }, failed: true };
  }
  set([...stops.needed, ...stops.revived], "failed");
  const after = unitsAfterStop(host, stops);
  if (!real) return { ...none, stops, failed: false };
  const running = after.filter(isRunning).map(({ name }) => vmOf(name));
  const still = stops.names.filter(
    (name) => running.includes(name) && !stops.revived.includes(name),
  );
  set(still, "failed");
  return { verdicts, fates, stops, after, failed: still.length > 0 };
}

/** Whether the parts of a VM may go. */
export function isGone(fates: ReadonlyMap<string, Fate>, name: string): boolean {
  return ["orphan", "leftover", "ghost"].includes(fates.get(name) ?? "");
}

/** Whether the files and the state of a VM go: it is gone, and no specialisation declares it. */
export function isSwept(
  host: DescribedHost,
  fates: ReadonlyMap<string, Fate>,
  name: string,
): boolean {
  return isGone(fates, name) && !specialisedNames(host).has(name);
}

/** Whether the host has more of a VM than a record of what was declared. */
function isHere(host: DescribedHost, files: readonly UnitFile[], name: string): boolean {
  const hasFile = files.some((file) => vmsOfFile(file).includes(name));
  return hasState(host, name) || isActive(host, name) || hasFile || isRooted(host, name);
}

/** The VMs that hold the templates (docs/design.md, "Ownership"). */
export function holders(host: DescribedHost, fates: ReadonlyMap<string, Fate>): string[] {
  const files = unitFiles(host);
  return [...fates.keys()].filter((name) => {
    const fate = fates.get(name);
    if (fate === "imperative") return isActive(host, name) || host.systemd === "boot";
    if (fate === "kept") return isHere(host, files, name);
    if (fate === "live") return isActive(host, name);
    return ["foreign", "lingering", "unknown", "left", "failed"].includes(fate ?? "");
  });
}

/** Whether templates stay: some VM holds them, or at boot one may that cannot be seen. */
export function templatesHeld(host: DescribedHost, fates: ReadonlyMap<string, Fate>): boolean {
  const mayExist = host.systemd === "boot" && isHidden(host);
  return mayExist || holders(host, fates).length > 0;
}
