import type { LoadedUnit } from "./host.ts";

function isRunning({ active }: LoadedUnit): boolean {
  return active !== "inactive" && active !== "failed";
}

/** What systemd stops with a unit, be it at the end of a chain (systemd.unit(5), "Requires="). */
function stopsWith(units: readonly LoadedUnit[], unit: LoadedUnit): Set<LoadedUnit> {
  const found = new Set<LoadedUnit>();
  const visit = ({ neededBy }: LoadedUnit) => {
    for (const other of units.filter(({ name }) => neededBy.includes(name))) {
      if (found.has(other)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(unit);
  return found;
}

/** The running units of orphans with which a running unit would stop that is no orphan's. */
export function neededUnits(
  units: readonly LoadedUnit[],
  isOrphan: (unit: LoadedUnit) => boolean,
): LoadedUnit[] {
  return units.filter(
    (unit) =>
      isRunning(unit) &&
      isOrphan(unit) &&
      [...stopsWith(units, unit)].some((other) => isRunning(other) && !isOrphan(other)),
  );
}
