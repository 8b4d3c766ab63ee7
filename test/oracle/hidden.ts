import { rootsOf, stateDirs } from "./evidence.ts";
import type { DescribedHost } from "./host.ts";
import type { Tree } from "./tree.ts";

/**
 * The places that may hide state, so that no name can be told to have none (design, "State cannot be
 * ruled out"): a file system that is not mounted, an empty directory beside roots, a failed look.
 */
export function hiddenPlaces(host: DescribedHost): string[] {
  const { tree, data, mounts } = host;
  const directories = stateDirs(host);
  const unseen = directories.filter((directory) => realPath(tree, directory) === undefined);
  const isMounted = (point: string) =>
    mounts.includes(point) || mounts.includes(tree.resolve(point) ?? point);
  const paths = directories.flatMap((path) => [path, realPath(tree, path) ?? path]);
  const unmounted = data.fileSystems.filter(
    (point) => point !== "/" && !isMounted(point) && paths.some((path) => meets(path, point)),
  );
  const hasRoots = rootsOf(host).length > 0;
  // A file is no state directory, so one that marks a mount point hides nothing.
  const isEmpty = tree
    .list(data.stateDir)
    .every((name) => tree.stat(`${data.stateDir}/${name}`)?.kind === "file");
  return [...unseen, ...unmounted, ...(hasRoots && isEmpty ? [data.stateDir] : [])];
}

export function isHidden(host: DescribedHost): boolean {
  return hiddenPlaces(host).length > 0;
}

/** Whether one path is the other, or above or below it. */
function meets(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

/**
 * The path without links, whose last parts may be missing; nothing where a look fails for another
 * reason, or where a link leads nowhere: what it leads to may come.
 */
function realPath(tree: Tree, path: string): string | undefined {
  let above = path;
  while (above !== "" && !tree.has(above)) above = above.slice(0, above.lastIndexOf("/"));
  if (above === "") return path;
  if (tree.stat(above)?.kind !== "directory") return undefined;
  const real = tree.resolve(above) ?? above;
  return (real === "/" ? "" : real) + path.slice(above.length);
}
