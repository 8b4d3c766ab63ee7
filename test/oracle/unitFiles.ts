import { type DescribedHost, GENERATION, UNITS } from "./host.ts";
import { NULL_DEVICE, type Tree } from "./tree.ts";
import { type Owner, ownerOf, unitOf } from "./units.ts";

/** The unit directories of the design, in its order. */
const DIRECTORIES = [
  "/etc/systemd/system.control",
  "/run/systemd/system.control",
  "/etc/systemd/system",
  "/run/systemd/system",
  "/etc/systemd/system.attached",
  "/run/systemd/system.attached",
  "/usr/local/lib/systemd/system",
];

/** A file, link or directory in a unit directory that belongs to a unit of the families. */
export interface UnitFile {
  readonly path: string;
  readonly unit: string;
  readonly owner: Owner;
  /** The unit in whose `.wants` directory a link is, if that is one of the families too. */
  readonly above?: Owner;
}

/** The directories of links to which the families have a claim: each goes with its last link. */
export function isOwnedDirectory(path: string): boolean {
  const entry = path.slice(path.lastIndexOf("/") + 1);
  return entry !== unitOf(entry) && ownerOf(unitOf(entry)) !== undefined;
}

/** The directories that are looked at: each once, and none that resolves into the store. */
export function unitDirectories({ tree, data }: DescribedHost): string[] {
  const seen = new Set<string>();
  return [...DIRECTORIES, ...data.policy.unitDirs].filter((directory) => {
    const real = tree.resolve(directory);
    if (real === undefined || isInStore(real) || seen.has(real)) return false;
    seen.add(real);
    return true;
  });
}

function isInStore(path: string): boolean {
  return `${path}/`.startsWith("/nix/store/");
}

/** Every entry of a unit directory, and of the directories of links there that are no links themselves. */
function filesIn({ tree }: DescribedHost, directory: string): UnitFile[] {
  return tree.list(directory).flatMap((entry): UnitFile[] => {
    const path = `${directory}/${entry}`;
    const isLinks =
      /\.(wants|requires|upholds)$/.test(entry) && tree.lstat(path)?.kind === "directory";
    const parent = unitOf(entry);
    if (!isLinks) return fileOf(path, parent);
    return tree.list(path).flatMap((name) => fileOf(`${path}/${name}`, unitOf(name), parent));
  });
}

/** The file at a path, if it is one of the families; a link in a directory of theirs is, whatever it starts. */
function fileOf(path: string, unit: string, parent = ""): UnitFile[] {
  const own = ownerOf(unit);
  const above = ownerOf(parent);
  // An administrator's drop-ins for all names with that prefix (systemd.unit(5)).
  if (parent === "" && path.endsWith("-.service.d")) return [];
  if (own !== undefined) return [{ path, unit, owner: own, ...(above && { above }) }];
  return above === undefined ? [] : [{ path, unit: parent, owner: above }];
}

/** The generation put it there itself: it has the same path below its own /etc. */
function isOwn({ tree }: DescribedHost, { path, owner }: UnitFile): boolean {
  // A regular file in the place of a template is an administrator's, whatever the generation has.
  if (owner.kind === "template" && tree.lstat(path)?.kind === "file") return false;
  return path.startsWith("/etc/") && tree.has(GENERATION + path);
}

/** Every file of the families that the sweep may look at. */
export function unitFiles(host: DescribedHost): UnitFile[] {
  return unitDirectories(host)
    .flatMap((directory) => filesIn(host, directory))
    .filter((file) => !isOwn(host, file));
}

export function generationHas({ tree }: DescribedHost, unit: string): boolean {
  return tree.has(`${GENERATION}/${UNITS}/${unit}`);
}

/** Whether a link leads nowhere, or to a template file that goes in this run. */
export function dangles(tree: Tree, path: string, goes: (path: string) => boolean): boolean {
  if (tree.lstat(path)?.kind !== "link") return false;
  const real = tree.resolve(path);
  return real === undefined || goes(real);
}

/**
 * Whether a file of an instance is ours to remove (docs/design.md, "Ownership"). Links
 * that lead to a template file that goes are ours as dangling ones are.
 */
export function isOurs(
  tree: Tree,
  { path, owner }: UnitFile,
  goes: (path: string) => boolean,
): boolean {
  if (owner.kind !== "instance") return false;
  const node = tree.lstat(path);
  if (node?.kind === "directory") return true;
  if (node?.kind !== "link") return false;
  if (dangles(tree, path, goes)) return true;
  const real = tree.resolve(path) ?? "";
  return real !== NULL_DEVICE && (isInStore(real) || node.target.startsWith("/etc/static/"));
}

/** Whether a link leads to a file that exists outside the store: `systemctl link`, a mask. */
export function isLinkOutside(tree: Tree, path: string, goes: (path: string) => boolean): boolean {
  const real = tree.resolve(path);
  return tree.lstat(path)?.kind === "link" && real !== undefined && !isInStore(real) && !goes(real);
}
