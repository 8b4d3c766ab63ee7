import {
  formerNames,
  hasOwnUnit,
  hasState,
  hasToplevel,
  installedBy,
  isActive,
  isRooted,
  pulledIn,
  replacedNames,
} from "./evidence.ts";
import { foreignNames } from "./foreign.ts";
import { type DescribedHost, GENERATION } from "./host.ts";

/** Row 1. */
function isLive(host: DescribedHost, name: string): boolean {
  return (
    [...host.data.vms, ...host.data.autostart].includes(name) ||
    installedBy(host, GENERATION).includes(name) ||
    hasOwnUnit(host, name) ||
    pulledIn(host).includes(name)
  );
}

/** Rows 6 and 7. */
export function isFormer(host: DescribedHost, name: string): boolean {
  return formerNames(host).includes(name) || hasToplevel(host, name);
}

/** Row 5. */
export function isReplaced(host: DescribedHost, name: string): boolean {
  return replacedNames(host).includes(name);
}

/** Row 4: a tool made the VM, and no older VM of that name leaves in this switch. */
function isMadeByHand(host: DescribedHost, name: string): boolean {
  return isRooted(host, name) && !(isReplaced(host, name) && hasToplevel(host, name));
}

/** The table of the design ("Verdicts"), a row a line. */
export const ROWS = [
  [1, isLive, "live"],
  [2, (host, name) => host.data.policy.keep.includes(name), "kept"],
  [3, (host, name) => foreignNames(host).has(name), "foreign"],
  [4, isMadeByHand, "imperative"],
  [5, isReplaced, "orphan"],
  [6, (host, name) => isFormer(host, name) && isActive(host, name), "lingering"],
  [7, isFormer, "leftover"],
  [8, hasState, "imperative"],
  [9, isActive, "unknown"],
  [10, () => true, "ghost"],
] as const satisfies readonly (readonly [
  number,
  (host: DescribedHost, name: string) => boolean,
  string,
])[];

export type Verdict = (typeof ROWS)[number][2];

/** The number of the first row that fits, and its verdict. */
export function verdictOn(host: DescribedHost, name: string): readonly [number, Verdict] {
  const row = ROWS.find(([, fits]) => fits(host, name));
  if (row === undefined) throw new Error("row 10 fits every name");
  return [row[0], row[2]];
}
