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
const TOPS = ["etc", "nix", "opt", "run", "srv", "usr/local", "var"];
const STORE = "nix/store";

/** Makes the directories of a root equal to a tree. What is bound into its store stays. */
export function writeTree(root: string, tree: Tree, bound: ReadonlySet<string>): void {
  const isBound = (entry: string) => bound.has(`/${STORE}/${entry}`);
  const sharesStore = [...bound].some((path) => path.startsWith(`/${STORE}/`));
  for (const top of TOPS) {
    if (top === "nix" && sharesStore) removeBeside(root, isBound);
    else rmSync(join(root, top), { recursive: true, force: true });
  }
  for (const [path, node] of tree.entries()) {
    const real = root + path;
    if (node.kind === "directory") mkdirSync(real, { recursive: true });
    else if (node.kind === "link") symlinkSync(node.target, real);
    else writeFileSync(real, node.text);
  }
}

function removeBeside(root: string, isBound: (entry: string) => boolean): void {
  rmSync(join(root, "nix/var"), { recursive: true, force: true });
  for (const entry of readdirSync(join(root, STORE))) {
    if (!isBound(entry)) rmSync(join(root, STORE, entry), { recursive: true, force: true });
  }
}

function readInto(tree: Tree, root: string, path: string, bound: ReadonlySet<string>): void {
  if (bound.has(path)) return;
  const real = root + path;
  const stat = lstatSync(real);
  if (stat.isSymbolicLink()) tree.link(path, readlinkSync(real));
  else if (stat.isDirectory()) {
    tree.directory(path);
    for (const entry of readdirSync(real)) readInto(tree, root, `${path}/${entry}`, bound);
  } else tree.file(path, readFileSync(real, "utf8"));
}

/** The directories of a root as a tree. */
export function readTree(root: string, bound: ReadonlySet<string>): Tree {
  const tree = new Tree();
  for (const top of TOPS) {
    if (lstatSync(join(root, top), { throwIfNoEntry: false }) !== undefined)
      readInto(tree, root, `/${top}`, bound);
  }
  return tree;
}
