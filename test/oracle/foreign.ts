import { isMask } from "./evidence.ts";
import type { DescribedHost } from "./host.ts";
import { isOwn, unitDirectories } from "./unitFiles.ts";
import { isUnitName, ownerOf, templateOf } from "./units.ts";

/** The VM of a unit name, whatever type the unit has. */
function nameIn(unit: string): string[] {
  const owner = ownerOf(unit);
  return owner !== undefined && "name" in owner ? [owner.name] : [];
}

/**
 * Row 3: the names that an alias gives another unit's name or the reverse (systemd.unit(5), "Alias="),
 * and those with a unit that is masked.
 */
export function foreignNames(host: DescribedHost): Set<string> {
  const { tree } = host;
  const names = new Set<string>();
  const paths = unitDirectories(host).flatMap((directory) =>
    tree.list(directory).map((entry) => `${directory}/${entry}`),
  );
  for (const path of paths.filter((each) => !isOwn(host, each))) {
    const node = tree.lstat(path);
    const unit = path.slice(path.lastIndexOf("/") + 1);
    if (isMask(tree, path)) for (const name of nameIn(unit)) names.add(name);
    if (node?.kind !== "link") continue;
    const target = node.target.slice(node.target.lastIndexOf("/") + 1);
    const isAlias =
      isUnitName(unit) && isUnitName(target) && target !== unit && target !== templateOf(unit);
    if (isAlias) for (const name of [...nameIn(unit), ...nameIn(target)]) names.add(name);
  }
  return names;
}
