import { hasState, hiddenPlace, isRooted } from "./evidence.ts";
import { type DescribedHost, GENERATION } from "./host.ts";
import type { Fate } from "./oracle.ts";
import { type UnitFile, unitFiles } from "./unitFiles.ts";
import { isActive } from "./verdict.ts";

interface StaleFiles {
  readonly stale: readonly string[];
  /** The instance names that stale files belong to. */
  readonly of: readonly string[];
  readonly overrides: readonly string[];
}

const LEFT: readonly Fate[] = ["lingering", "imperative", "unknown", "left", "failed"];

/** There is more of a VM on this host than a record of what was declared, which the next run has no more. */
function isHere(host: DescribedHost, name: string): boolean {
  const hasFile = unitFiles(host).some(
    ({ owner }) => "instance" in owner && owner.instance === name,
  );
  return hasState(host, name) || isActive(host, name) || hasFile || isRooted(host, name);
}

/** A VM is left that could use a template: not live, unless it runs without this generation having one. */
function someVmIsLeft(host: DescribedHost, fates: ReadonlyMap<string, Fate>): boolean {
  if (hiddenPlace(host) !== undefined) return true;
  return [...fates].some(
    ([name, fate]) =>
      LEFT.includes(fate) ||
      (fate === "live" && isActive(host, name)) ||
      (fate === "kept" && isHere(host, name)),
  );
}

/** What the design calls stale among the unit files, and the overrides that it reports. */
export function staleFiles(host: DescribedHost, fates: ReadonlyMap<string, Fate>): StaleFiles {
  const { tree } = host;
  const left = someVmIsLeft(host, fates);
  const generationHas = (unit: string) => tree.has(`${GENERATION}/etc/systemd/system/${unit}`);
  const dangles = (path: string) =>
    tree.lstat(path)?.kind === "link" && tree.stat(path) === undefined;
  const isStale = ({ path, unit, owner }: UnitFile) => {
    if ("instance" in owner)
      return ["orphan", "leftover", "ghost"].includes(fates.get(owner.instance) ?? "");
    return dangles(path) || (!generationHas(unit) && !left);
  };
  const files = unitFiles(host);
  const stale = files.filter(isStale);
  const paths = new Set(stale.map(({ path }) => path));
  // What is in a directory that goes whole goes with it.
  const tops = stale.filter(({ path }) => !paths.has(path.slice(0, path.lastIndexOf("/"))));
  const overrides = files.filter(
    ({ path, unit, owner }) =>
      "template" in owner &&
      generationHas(unit) &&
      path.endsWith(`/${unit}`) &&
      tree.lstat(path)?.kind === "file",
  );
  return {
    stale: tops.map(({ path }) => path),
    of: tops.flatMap(({ owner }) => ("instance" in owner ? [owner.instance] : [])),
    overrides: overrides.map(({ path }) => path),
  };
}
