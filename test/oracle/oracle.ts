import { activeUnits, failedUnits } from "./evidence.ts";
import { type Fates, fatesOn } from "./fates.ts";
import type { DescribedHost } from "./host.ts";
import { plannedNames } from "./names.ts";
import { namedOn } from "./notes.ts";
import { generationHas, isOurs, type UnitFile, unitFiles } from "./unitFiles.ts";
import { type Verdict, verdictOn } from "./verdict.ts";

/** What `decide` prints of a host. Items are in no order. */
export interface Decisions {
  /** Units by name. */
  readonly stop: ReadonlyMap<string, readonly string[]>;
  readonly reset: ReadonlyMap<string, readonly string[]>;
  /** The name of each path; `-` for a template. */
  readonly remove: ReadonlyMap<string, string>;
  readonly keep: ReadonlyMap<string, string>;
  /** Names that a note must have. */
  readonly named: readonly string[];
}

/** What a switch decides, from the design alone. */
export function decisionsOn(host: DescribedHost): Decisions {
  const fates = fatesOn(host);
  const units = (names: readonly string[], of: (host: DescribedHost, name: string) => string[]) =>
    new Map(
      names.map((name) => [name, of(host, name)] as const).filter(([, all]) => all.length > 0),
    );
  return {
    stop: units(fates.stops, activeUnits),
    reset: units(fates.gone, failedUnits),
    ...filesOn(host, fates),
    named: namedOn(host, fates),
  };
}

/** The verdicts that a plan shows. */
export function verdictsOn(host: DescribedHost): Map<string, Verdict> {
  return new Map(plannedNames(host).map((name) => [name, verdictOn(host, name)[1]]));
}

/** The files that nothing declared needs: those that go, and those that stay all the same. */
function filesOn(host: DescribedHost, fates: Fates): Pick<Decisions, "remove" | "keep"> {
  const files = unitFiles(host);
  const isStale = ({ owner, unit }: UnitFile) =>
    "name" in owner ? fates.swept.includes(owner.name) : !generationHas(host, unit);
  const stale = files.filter(isStale);
  const isHeld = ({ owner }: UnitFile) => owner.kind === "template" && fates.holders.length > 0;
  const reports = host.data.policy.unitFiles === "report";
  const gone = new Set<string>();
  const goes = (path: string) => [...gone].some((other) => isAtOrBelow(path, other));
  // A link goes because its target goes, so this runs until nothing more does.
  for (let before = -1; before !== gone.size && !reports; ) {
    before = gone.size;
    for (const file of stale.filter((each) => !isHeld(each)))
      if (isOurs(host.tree, file, goes)) gone.add(file.path);
  }
  // What is in a directory that goes goes with it.
  const isInside = (path: string) => goes(path.slice(0, path.lastIndexOf("/")));
  const entries = (list: readonly UnitFile[]) =>
    new Map(list.map(({ path, owner }) => [path, "name" in owner ? owner.name : "-"] as const));
  return {
    remove: entries(stale.filter(({ path }) => gone.has(path) && !isInside(path))),
    keep: entries(stale.filter(({ path }) => !goes(path))),
  };
}

function isAtOrBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
