import { CURRENT, type DescribedHost, GENERATION, UNITS } from "./host.ts";
import type { Tree } from "./tree.ts";
import { isLinkDirectory, type Owner, ownerOf, unitOf } from "./units.ts";

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
}

/** The directories that are looked at: each once, and none that resolves into the store. */
export function unitDirectories({ tree }: DescribedHost): string[] {
  const seen = new Set<string>();
  return DIRECTORIES.filter((directory) => {
    const real = tree.resolve(directory);
    if (real === undefined || isInStore(real) || seen.has(real)) return false;
    seen.add(real);
    return true;
  });
}

function isInStore(path: string): boolean {
  return path.startsWith("/nix/store/");
}

/** NixOS put it there itself: C or G has the same place below its /etc. */
export function isOwn({ tree }: DescribedHost, path: string): boolean {
  return path.startsWith("/etc/") && (tree.has(CURRENT + path) || tree.has(GENERATION + path));
}

/** Every file of the families that the sweep may look at. */
export function unitFiles(host: DescribedHost): UnitFile[] {
  const { tree } = host;
  const files = unitDirectories(host).flatMap((directory) =>
    tree.list(directory).flatMap((entry): UnitFile[] => {
      const path = `${directory}/${entry}`;
      // Drop-ins for all units with that prefix (systemd.unit(5)).
      if (entry.endsWith("-.service.d")) return [];
      const isParent = isLinkDirectory(entry) && tree.lstat(path)?.kind === "directory";
      const links = isParent ? tree.list(path) : [];
      return [
        ...fileOf(path, unitOf(entry)),
        ...links.flatMap((unit) => fileOf(`${path}/${unit}`, unit)),
      ];
    }),
  );
  return files.filter(({ path }) => !isOwn(host, path));
}

function fileOf(path: string, unit: string): UnitFile[] {
  const owner = ownerOf(unit);
  return owner === undefined ? [] : [{ path, unit, owner }];
}

export function generationHas({ tree }: DescribedHost, unit: string): boolean {
  return tree.has(`${GENERATION}/${UNITS}/${unit}`);
}

/** Whether a file is the sweep's to remove, and not an administrator's. */
export function isOurs(tree: Tree, file: UnitFile, goes: (path: string) => boolean): boolean {
  const node = tree.lstat(file.path);
  if (file.owner.kind === "companion") return false;
  if (node?.kind === "directory") return true;
  if (node?.kind === "link") {
    const real = tree.resolve(file.path);
    return real === undefined || isInStore(real) || real.startsWith("/etc/static/") || goes(real);
  }
  // A whole unit file of an instance is an administrator's, and so is a mask.
  return file.owner.kind === "template" && node?.kind === "file" && node.text !== "";
}
