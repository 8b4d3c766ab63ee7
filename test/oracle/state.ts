import {
  hasStateIn,
  isBootDefault,
  isLive,
  namesOfRoot,
  ROOTS,
  rootsOf,
  specialisedNames,
  stateDirs,
} from "./evidence.ts";
import { type Fate, isGone, isSwept } from "./fates.ts";
import { isHidden } from "./hidden.ts";
import type { DescribedHost } from "./host.ts";
import type { Tree } from "./tree.ts";

export interface StateMoves {
  readonly goes: readonly string[];
  /** Names whose directory the policy lets go, and the rules do not: a link, a user, a mount point. */
  readonly refused: readonly string[];
  /** None goes, since a rename would cross a file system. */
  readonly crosses: boolean;
}

/** Whether the policy lets state go in this run at all: never in a test, never before the boot default is G. */
function mayMove(host: DescribedHost): boolean {
  const { action, data, systemd } = host;
  if (data.policy.state === "keep" || systemd === "silent") return false;
  if (isHidden(host)) return false;
  if (action === "switch" || action === "dry-activate") return true;
  return action === "" && isBootDefault(host);
}

/** The mount point that a path is on. */
export function mountOf({ tree, mounts }: DescribedHost, path: string): string {
  let above = path;
  while (above !== "" && tree.stat(above) === undefined)
    above = above.slice(0, above.lastIndexOf("/"));
  const real = `${above === "" ? "" : tree.resolve(above)}/`;
  const points = mounts.filter((point) => real.startsWith(`${point}/`));
  return points.reduce((longest, point) => (point.length > longest.length ? point : longest), "");
}

function isBusy({ tree, open, mounts, data }: DescribedHost, name: string): boolean {
  const real = tree.resolve(`${data.stateDir}/${name}`);
  const isBelow = (path: string) => `${tree.resolve(path) ?? path}/`.startsWith(`${real}/`);
  return [...open, ...mounts].some(isBelow);
}

/** The state directories that go, and those that are refused (design, "State"). */
export function stateMoves(host: DescribedHost, fates: ReadonlyMap<string, Fate>): StateMoves {
  const { data, tree } = host;
  const { state, stateDelete, archiveDir } = data.policy;
  if (!mayMove(host)) return { goes: [], refused: [], crosses: false };
  const names = [...fates.keys()].filter(
    (name) =>
      isSwept(host, fates, name) &&
      hasStateIn(host, data.stateDir, name) &&
      (state === "archive" || stateDelete.includes(name)),
  );
  const wouldCross =
    state === "archive" && mountOf(host, data.stateDir) !== mountOf(host, archiveDir);
  const isLink = (name: string) => tree.lstat(`${data.stateDir}/${name}`)?.kind === "link";
  if (wouldCross && names.length > 0) return { goes: [], refused: names, crosses: true };
  const isRefused = (name: string) => isLink(name) || isBusy(host, name);
  return {
    crosses: false,
    goes: names.filter((name) => !isRefused(name)),
    refused: names.filter(isRefused),
  };
}

/** The roots that dangle once the state has gone, and that no VM which is left could need. */
export function danglingRoots(
  host: DescribedHost,
  fates: ReadonlyMap<string, Fate>,
  goes: readonly string[],
): string[] {
  const { data, systemd } = host;
  if (systemd === "silent" || data.policy.gcroots === "keep") return [];
  if (isHidden(host)) return [];
  const tree = withoutState(host, goes);
  const specialised = specialisedNames(host);
  // No unit can have the name, or no VM has the directory: in doubt it is wanted.
  const hasEntry = (name: string) =>
    stateDirs(host).some((directory) => host.tree.has(`${directory}/${name}`));
  const isNeeded = (name: string) =>
    data.policy.keep.includes(name) ||
    specialised.has(name) ||
    isLive(host, name) ||
    (fates.has(name) ? !isGone(fates, name) : hasEntry(name));
  return rootsOf(host)
    .filter((root) => tree.stat(`${ROOTS}/${root}`) === undefined)
    .filter((root) => !namesOfRoot(root).some(isNeeded));
}

function withoutState(host: DescribedHost, names: readonly string[]): Tree {
  const tree = host.tree.copy();
  for (const name of names) tree.remove(statePath(host, name));
  return tree;
}

/** The directory of a VM, without links above it. */
export function statePath({ tree, data }: DescribedHost, name: string): string {
  return `${tree.resolve(data.stateDir) ?? data.stateDir}/${name}`;
}

/** The state of orphans in another state directory than that of G: never moved, and named. */
export function stateElsewhere(host: DescribedHost, names: readonly string[]): string[] {
  return stateDirs(host)
    .slice(1)
    .flatMap((directory) =>
      names
        .filter((name) => hasStateIn(host, directory, name))
        .map((name) => `${directory}/${name}`),
    );
}
