import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Tree } from "../oracle/tree.ts";

/** The directories of a root that a tree describes; the others are the machine's or the test's own. */
const TOPS = ["etc", "nix", "opt", "run", "srv", "var"];
const TIME = /\d{8}T\d{6}Z/g;
/** Directories that exist because of the test or of any run. */
const IGNORED = /^\/run(\/systemd(\/system)?|\/microvm-sweep)?$/;
/** The lock of a run says nothing of what it did. */
const LOCK = "/run/microvm-sweep/lock";

/** Makes the directories of a root equal to a tree. */
export function writeTree(root: string, tree: Tree): void {
  for (const top of TOPS) rmSync(join(root, top), { recursive: true, force: true });
  for (const [path, node] of tree.entries()) {
    const real = root + path;
    if (node.kind === "directory") mkdirSync(real, { recursive: true });
    else if (node.kind === "link") symlinkSync(node.target, real);
    else writeFileSync(real, node.text);
  }
}

function readInto(tree: Tree, root: string, path: string): void {
  if (path === LOCK) return;
  const real = root + path;
  const stat = lstatSync(real);
  const name = path.replace(TIME, "TIME");
  if (stat.isSymbolicLink()) tree.link(name, readlinkSync(real));
  else if (stat.isDirectory()) {
    tree.directory(name);
    for (const entry of readdirSync(real)) readInto(tree, root, `${path}/${entry}`);
  } else tree.file(name, readFileSync(real, "utf8"));
}

/** The directories of a root as a tree; times in names are "TIME". */
export function readTree(root: string): Tree {
  const tree = new Tree();
  for (const top of TOPS) {
    if (lstatSync(join(root, top), { throwIfNoEntry: false }) !== undefined)
      readInto(tree, root, `/${top}`);
  }
  return tree;
}

/** A tree as lines, without directories that hold something or that a test or a run needs. */
export function treeLines(tree: Tree): string[] {
  const parents = new Set(tree.entries().map(([path]) => path.slice(0, path.lastIndexOf("/"))));
  return tree
    .toString()
    .split("\n")
    .filter((line) => {
      const path = line.slice(0, -1);
      return !(line.endsWith("/") && (IGNORED.test(path) || parents.has(path)));
    });
}
