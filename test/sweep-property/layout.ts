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

/** What of a root the trees describe; all else there is the machine's, or the test's own. */
const TOPS = ["etc", "nix", "opt", "run", "var"];
const TIME = /\d{8}T\d{6}Z/g;
/** Directories that are there because of the test. */
const IGNORED = /^\/run\/systemd(\/system)?$/;

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

/** A tree as lines, directories left out that hold something or that only a test or a run needs. */
export function treeLines(tree: Tree): string[] {
  const paths = tree.entries().map(([path]) => path);
  const isParent = (path: string) => paths.some((other) => other.startsWith(`${path}/`));
  return tree
    .toString()
    .split("\n")
    .filter(
      (line) =>
        !line.endsWith("/") || !(IGNORED.test(line.slice(0, -1)) || isParent(line.slice(0, -1))),
    );
}
