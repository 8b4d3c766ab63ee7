import type { ListedUnit } from "../oracle/host.ts";

const SCOPE: ListedUnit = {
  name: "init.scope",
  load: "loaded",
  active: "active",
  description: "System and Service Manager",
};
const SLICE: ListedUnit = { ...SCOPE, name: "-.slice", description: "Root Slice" };

/** What `systemctl list-units --full --plain --no-legend` prints; every systemd has the first and the last. */
export function listUnits(units: readonly ListedUnit[]): string {
  const all = [SCOPE, ...units, SLICE];
  const hasJobs = all.some(({ job }) => job !== undefined);
  const width = Math.max(...all.map(({ name }) => name.length));
  const lines = all.map(({ name, load, active, job, description }) => {
    const state = `${load.padEnd(6)} ${active.padEnd(12)} ${subState(active).padEnd(10)}`;
    // Only where any unit has a job, the table has that column.
    return `${name.padEnd(width)} ${state}${hasJobs ? ` ${(job ?? "").padEnd(7)}` : ""} ${description}`;
  });
  return `${lines.join("\n")}\n`;
}

function subState(active: ListedUnit["active"]): string {
  if (active === "active") return "running";
  if (active === "activating") return "auto-restart";
  return active === "deactivating" ? "stop-sigterm" : active === "inactive" ? "dead" : active;
}
