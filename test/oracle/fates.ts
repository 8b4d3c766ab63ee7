import { isActive, neededNames } from "./evidence.ts";
import type { DescribedHost } from "./host.ts";
import { namesOn } from "./names.ts";
import { unitFiles } from "./unitFiles.ts";
import { vmOf } from "./units.ts";
import { type Verdict, verdictOn } from "./verdict.ts";

export interface Fate {
  readonly stops: boolean;
  readonly files: "stay" | "go";
  readonly holds:
    | "–"
    | "yes"
    | "where it has units or runs"
    | "where it is active"
    | "where it still runs";
}

/** The second table of the design ("Verdicts"): what follows from each verdict. `notes.ts` has its last column. */
export const FATES: Readonly<Record<Verdict, Fate>> = {
  live: { stops: false, files: "stay", holds: "–" },
  kept: { stops: false, files: "stay", holds: "where it has units or runs" },
  foreign: { stops: false, files: "stay", holds: "yes" },
  imperative: { stops: false, files: "stay", holds: "where it is active" },
  orphan: { stops: true, files: "go", holds: "where it still runs" },
  lingering: { stops: false, files: "stay", holds: "yes" },
  leftover: { stops: false, files: "go", holds: "–" },
  unknown: { stops: false, files: "stay", holds: "yes" },
  ghost: { stops: false, files: "go", holds: "–" },
};

/** What a host and its policy make of the verdicts. */
export interface Fates {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** The active VMs that stop. */
  readonly stops: readonly string[];
  /** Orphans that run on because the policy says so. */
  readonly left: readonly string[];
  /** Names whose failed units are reset: nothing of them stays that anybody wants. */
  readonly gone: readonly string[];
  /** Names whose unit files go. */
  readonly swept: readonly string[];
  /** Names that need the template units. */
  readonly holders: readonly string[];
}

export function fatesOn(host: DescribedHost): Fates {
  const verdicts = new Map(namesOn(host).map((name) => [name, verdictOn(host, name)[1]] as const));
  const { orphans } = host.data.policy;
  // The service runs when systemd has loaded the new units: a stop would kill, so it stops nothing.
  const stopsAll = orphans === "stop-all" && host.data.backend === "activation";
  const fateOf = (verdict: Verdict) =>
    FATES[verdict === "lingering" && stopsAll ? "orphan" : verdict];
  const named = (fits: (fate: Fate, name: string) => boolean) =>
    [...verdicts].filter(([name, verdict]) => fits(fateOf(verdict), name)).map(([name]) => name);
  const toStop = named((fate, name) => fate.stops && isActive(host, name));
  const left = orphans === "report" ? toStop : [];
  const gone = named((fate, name) => fate.files === "go" && !left.includes(name));
  const needed = neededNames(host);
  return {
    verdicts,
    stops: toStop.filter((name) => !left.includes(name)),
    left,
    gone,
    swept: gone.filter((name) => !needed.has(name)),
    holders: named((fate, name) => left.includes(name) || holds(host, fate, name)),
  };
}

/** Whether a VM needs the templates. What `decide` stops is taken to stop; `act` sees whether it does. */
function holds(host: DescribedHost, fate: Fate, name: string): boolean {
  switch (fate.holds) {
    case "yes":
      return true;
    case "where it is active":
      // At boot nothing is active yet, so it is enough that the VM exists.
      return host.systemd === "absent" || isActive(host, name);
    case "where it has units or runs":
      return hasUnits(host, name);
    default:
      return false;
  }
}

/** Whether systemd or a unit directory has a unit of the VM. */
function hasUnits(host: DescribedHost, name: string): boolean {
  const files = unitFiles(host).some(({ owner }) => "name" in owner && owner.name === name);
  return files || host.units.some((unit) => vmOf(unit.name) === name);
}
