import { type DescribedHost, isRunning, type LoadedUnit, REVIVING, STOPPING } from "./host.ts";
import { vmOf } from "./units.ts";

/** What is stopped: active units of orphans, without the VMs that must be left. */
export interface Stops {
  readonly names: readonly string[];
  readonly units: readonly LoadedUnit[];
  /** Orphans left because a unit that stays requires them. */
  readonly needed: readonly string[];
  /** Orphans left because systemd has lost one of their units. */
  readonly lost: readonly string[];
  /** Orphans that are stopped, and that something is about to start again. */
  readonly revived: readonly string[];
}

/** The units that have a dependency of some kind on a unit. */
function namesOf(unit: LoadedUnit, kinds: readonly string[]): string[] {
  return unit.dependents.filter(([kind]) => kinds.includes(kind)).map(([, name]) => name);
}

const HARD = ["RequiredBy", "RequisiteOf"];

/** What stops with units: running units that depend on them, and so on. systemd stops nothing through a unit at rest. */
function stopsWith(host: DescribedHost, units: readonly LoadedUnit[]): LoadedUnit[] {
  const found = [...units];
  // The list grows while it is read.
  for (const unit of found) {
    for (const name of namesOf(unit, STOPPING)) {
      const other = host.units.find((loaded) => loaded.name === name);
      if (other !== undefined && isRunning(other) && !found.includes(other)) found.push(other);
    }
  }
  return found;
}

/**
 * The orphans that are left (design, "Stopping"): a unit that stays requires one of their units, or a
 * unit that would take along what stays. A family unit of another VM stays whatever its dependency is.
 */
function neededOrphans(host: DescribedHost, names: readonly string[]): Set<string> {
  const orphanOf = ({ name }: LoadedUnit) => names.find((orphan) => vmOf(name) === orphan);
  const all = stopsWith(
    host,
    host.units.filter((unit) => isRunning(unit) && orphanOf(unit) !== undefined),
  );
  const required = new Set(all.flatMap((unit) => namesOf(unit, HARD)));
  const stays = new Set<string>();
  const needed = new Set<string>();
  const doesStay = (unit: LoadedUnit) => {
    const orphan = orphanOf(unit);
    const takesAlong = namesOf(unit, STOPPING).some((name) => stays.has(name));
    if (orphan !== undefined) return needed.has(orphan) || takesAlong;
    return takesAlong || vmOf(unit.name) !== undefined || required.has(unit.name);
  };
  for (let before = -1; before !== stays.size; ) {
    before = stays.size;
    for (const unit of all.filter(doesStay)) {
      stays.add(unit.name);
      needed.add(orphanOf(unit) ?? "");
    }
  }
  needed.delete("");
  return needed;
}

/** Decides which of the active orphans are stopped. */
export function planStops(host: DescribedHost, orphans: readonly string[]): Stops {
  const running = host.units.filter(isRunning);
  const isLost = (name: string) =>
    running.some((unit) => vmOf(unit.name) === name && unit.load === "not-found");
  const lost = orphans.filter(isLost);
  const candidates = orphans.filter((name) => !lost.includes(name));
  const needed = neededOrphans(host, candidates);
  const names = candidates.filter((name) => !needed.has(name));
  const units = running.filter((unit) => names.includes(vmOf(unit.name) ?? ""));
  const isReviver = (name: string) => running.some((unit) => unit.name === name);
  const revived = units
    .filter((unit) => namesOf(unit, REVIVING).some(isReviver))
    .flatMap((unit) => vmOf(unit.name) ?? []);
  return { names, units, needed: [...needed], lost, revived: [...new Set(revived)] };
}

/** The units after `systemctl stop`: what depends on a stopped unit stops as well. */
export function unitsAfterStop(host: DescribedHost, stops: Stops): LoadedUnit[] {
  const stopped = stopsWith(host, stops.units);
  return host.units.map((unit) => {
    if (!stopped.includes(unit)) return unit;
    if (unit.onStop === "refuses" || unit.onStop === "revives") return unit;
    return { ...unit, starts: false, active: unit.onStop === "fails" ? "failed" : "inactive" };
  });
}
