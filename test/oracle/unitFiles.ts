import { type DescribedHost, GENERATION } from "./host.ts";
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

/** A file, link or directory in a unit directory that belongs to a unit of ours. */
export interface UnitFile {
  readonly path: string;
  readonly unit: string;
  readonly owner: NonNullable<Owner>;
}

/** The directories that are looked at: each once, and none that resolves into the store. */
function directories({ tree, program }: DescribedHost): string[] {
  const seen = new Set<string>();
  return [...DIRECTORIES, ...program.policy.unitDirs].filter((directory) => {
    const real = tree.resolve(directory);
    if (real === undefined || `${real}/`.startsWith("/nix/store/") || seen.has(real)) return false;
    seen.add(real);
    return true;
  });
}

/** What is in a unit directory, and in the directories of links there that are no links themselves. */
function pathsIn({ tree }: DescribedHost, directory: string): string[] {
  const paths = tree.list(directory).map((entry) => `${directory}/${entry}`);
  const dependencies = paths.filter(
    (path) => /\.(wants|requires|upholds)$/.test(path) && tree.lstat(path)?.kind === "directory",
  );
  const links = dependencies.flatMap((path) => tree.list(path).map((entry) => `${path}/${entry}`));
  return [...paths, ...links];
}

/** The generation put it there itself: it has the same path below its own /etc. */
function isOwn({ tree }: DescribedHost, { path, owner }: UnitFile): boolean {
  // A regular file in the place of a template is an administrator's, whatever the generation has.
  if ("template" in owner && tree.lstat(path)?.kind === "file") return false;
  return path.startsWith("/etc/") && tree.has(GENERATION + path);
}

/** Every file of the families that the sweep may look at. */
export function unitFiles(host: DescribedHost): UnitFile[] {
  return directories(host)
    .flatMap((directory) => pathsIn(host, directory))
    .flatMap((path) => {
      const unit = unitOf(path.slice(path.lastIndexOf("/") + 1));
      const owner = ownerOf(unit);
      return owner === undefined ? [] : [{ path, unit, owner }];
    })
    .filter((file) => !isOwn(host, file));
}
