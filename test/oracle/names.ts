import {
  currentNames,
  installedBy,
  ownedNames,
  pulledIn,
  rootLinks,
  startedBefore,
  vmOfRoot,
} from "./evidence.ts";
import { foreignNames } from "./foreign.ts";
import { type DescribedHost, GENERATION } from "./host.ts";
import { unitFiles } from "./unitFiles.ts";
import { isInstanceName, vmOf } from "./units.ts";

/**
 * The names that a switch finds: in places that belong to root, and not in the state directory. Only of
 * these something can follow.
 */
export function namesOn(host: DescribedHost): string[] {
  const names = [
    ...host.data.vms,
    ...host.data.autostart,
    ...unitFiles(host).flatMap(({ owner }) => ("name" in owner ? [owner.name] : [])),
    ...foreignNames(host),
    ...currentNames(host),
    ...startedBefore(host),
    ...installedBy(host, GENERATION),
    ...ownedNames(host),
    ...pulledIn(host),
    ...rootLinks(host).map(vmOfRoot),
    ...host.units.flatMap(({ name }) => vmOf(name) ?? []),
  ];
  return [...new Set(names)].filter(isInstanceName);
}

/** The names that a plan lists: those of a switch, and those of the state directories. */
export function plannedNames(host: DescribedHost): string[] {
  const { tree, data } = host;
  const states = tree
    .list(data.stateDir)
    .filter((name) => tree.lstat(`${data.stateDir}/${name}`)?.kind !== "file");
  return [...new Set([...namesOn(host), ...states])].filter(isInstanceName);
}
