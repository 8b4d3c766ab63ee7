import { hasState, hiddenPlace, isDeclared, isFormer, isReplaced, isRooted } from "./evidence.ts";
import type { DescribedHost } from "./host.ts";
import { ownerOf } from "./units.ts";

export type Verdict =
  | "live"
  | "kept"
  | "orphan"
  | "lingering"
  | "leftover"
  | "imperative"
  | "unknown"
  | "ghost";

/** Whether any unit of the VM is other than inactive or failed; in doubt, that is silence, it is. */
export function isActive({ systemd, units }: DescribedHost, name: string): boolean {
  if (systemd !== "running") return systemd === "silent";
  return units.some((unit) => {
    const owner = ownerOf(unit.name);
    const isOurs = owner !== undefined && "instance" in owner && owner.instance === name;
    return isOurs && unit.active !== "inactive" && unit.active !== "failed";
  });
}

/** The table of the design, a row a line: the first that fits. */
export function verdictOn(host: DescribedHost, name: string): Verdict {
  const active = isActive(host, name);
  const rows: readonly (readonly [boolean, Verdict])[] = [
    [isDeclared(host, name), "live"],
    [host.program.policy.keep.includes(name), "kept"],
    [isReplaced(host, name), "orphan"],
    [
      isFormer(host, name) && active,
      host.program.policy.orphans === "stop-all" ? "orphan" : "lingering",
    ],
    [isFormer(host, name), "leftover"],
    [hasState(host, name) || isRooted(host, name) || hiddenPlace(host) !== undefined, "imperative"],
    [active, "unknown"],
  ];
  return rows.find(([fits]) => fits)?.[1] ?? "ghost";
}
