import {
  generationHasTemplate,
  hasOwnUnit,
  installedBy,
  isActive,
  pulledIn,
  startedBefore,
} from "./evidence.ts";
import type { Fates } from "./fates.ts";
import { type DescribedHost, GENERATION } from "./host.ts";
import { isFormer, isReplaced, type Verdict } from "./verdict.ts";

/** The last column of the second table: the names that a switch names, beside what it stops. */
export function namedOn(host: DescribedHost, { verdicts, stops, left }: Fates): string[] {
  const says: Readonly<Record<Verdict, (name: string) => boolean>> = {
    live: (name) => isForgotten(host, name),
    kept: () => false,
    foreign: () => true,
    imperative: (name) => isReplaced(host, name) || !generationHasTemplate(host),
    orphan: (name) => left.includes(name),
    lingering: (name) => !stops.includes(name),
    leftover: () => false,
    unknown: () => true,
    ghost: () => false,
  };
  const leavers = startedBefore(host).filter(
    (name) => ["imperative", "unknown"].includes(verdicts.get(name) ?? "") && isActive(host, name),
  );
  const named = [...verdicts].filter(([name, verdict]) => says[verdict](name));
  return [...new Set([...named.map(([name]) => name), ...leavers])];
}

/** It runs, it was declared before, and only a unit of its own in G keeps it. */
function isForgotten(host: DescribedHost, name: string): boolean {
  const { vms, autostart } = host.data;
  const isDeclared = [...vms, ...autostart, ...installedBy(host, GENERATION)].includes(name);
  const isKept = hasOwnUnit(host, name) && !isDeclared && !pulledIn(host).includes(name);
  const wasDeclared = isReplaced(host, name) || isFormer(host, name);
  return isKept && isActive(host, name) && wasDeclared;
}
