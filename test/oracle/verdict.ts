import {
  hasState,
  isActive,
  isFormer,
  isLive,
  isMadeByHand,
  isRooted,
  replacedNames,
} from "./evidence.ts";
import { foreignNames } from "./foreign.ts";
import { isHidden } from "./hidden.ts";
import type { DescribedHost } from "./host.ts";

export const VERDICTS = [
  "live",
  "kept",
  "foreign",
  "imperative",
  "orphan",
  "lingering",
  "leftover",
  "unknown",
  "ghost",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The table of the design, a row a line: the first that fits. */
export function verdictOn(host: DescribedHost, name: string): Verdict {
  const active = isActive(host, name);
  const former = isFormer(host, name);
  const stopsAll = host.data.policy.orphans === "stop-all";
  const mayHaveState = () => hasState(host, name) || isRooted(host, name) || isHidden(host);
  const rows: readonly (readonly [() => boolean, Verdict])[] = [
    [() => isLive(host, name), "live"],
    [() => host.data.policy.keep.includes(name), "kept"],
    [() => foreignNames(host).has(name), "foreign"],
    [() => isMadeByHand(host, name), "imperative"],
    [() => replacedNames(host).includes(name), "orphan"],
    [() => former && active, stopsAll ? "orphan" : "lingering"],
    [() => former, "leftover"],
    [mayHaveState, "imperative"],
    [() => active, "unknown"],
  ];
  return rows.find(([fits]) => fits())?.[1] ?? "ghost";
}
