/** A node of a file system, described. */
export type Node =
  | { readonly kind: "file"; readonly text: string }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "directory" };

const LONGEST_CHAIN = 20;
/** The target of a mask, which every machine has; no described tree contains it. */
export const NULL_DEVICE = "/dev/null";

/**
 * A file system as a map from absolute path to node. Parents of a node are there without being named.
 * Reading follows links as the kernel does.
 */
export class Tree {
  private readonly nodes = new Map<string, Node>();

  /** Adds a node in place of what is there, and directories for the parents that are none. */
  add(path: string, node: Node): this {
    const parent = parentOf(path);
    if (parent !== "/" && this.nodes.get(parent)?.kind !== "directory") {
      this.add(parent, { kind: "directory" });
    }
    if (node.kind !== "directory") this.remove(path);
    this.nodes.set(path, node);
    return this;
  }

  file(path: string, text = ""): this {
    return this.add(path, { kind: "file", text });
  }

  link(path: string, target: string): this {
    return this.add(path, { kind: "link", target });
  }

  directory(path: string): this {
    return this.add(path, { kind: "directory" });
  }

  /** Removes a node and all that is below it. */
  remove(path: string): void {
    for (const other of [...this.nodes.keys()]) {
      if (other === path || other.startsWith(`${path}/`)) this.nodes.delete(other);
    }
  }

  /** The node at a path whose directories are followed, but not the last part. */
  lstat(path: string): Node | undefined {
    const parent = this.resolve(parentOf(path));
    if (parent === undefined) return undefined;
    const name = path.slice(path.lastIndexOf("/") + 1);
    return this.nodes.get(parent === "/" ? `/${name}` : `${parent}/${name}`);
  }

  /** The path without links, or nothing where it leads nowhere. */
  resolve(path: string, depth = 0): string | undefined {
    if (path === "/" || path === NULL_DEVICE) return path;
    if (depth > LONGEST_CHAIN) return undefined;
    const parent = this.resolve(parentOf(path), depth + 1);
    if (parent === undefined) return undefined;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const real = parent === "/" ? `/${name}` : `${parent}/${name}`;
    const node = this.nodes.get(real);
    if (node?.kind !== "link") return node === undefined ? undefined : real;
    const target = node.target.startsWith("/") ? node.target : `${parent}/${node.target}`;
    return this.resolve(normal(target), depth + 1);
  }

  stat(path: string): Node | undefined {
    const real = this.resolve(path);
    if (real === "/") return { kind: "directory" };
    if (real === NULL_DEVICE) return { kind: "file", text: "" };
    return real === undefined ? undefined : this.nodes.get(real);
  }

  /** Whether something is at a path, a dangling link included. */
  has(path: string): boolean {
    return this.lstat(path) !== undefined;
  }

  /** The names in a directory, sorted. */
  list(path: string): string[] {
    const real = this.resolve(path);
    if (real === undefined) return [];
    return [...this.nodes.keys()]
      .filter((other) => parentOf(other) === real)
      .map((other) => other.slice(real === "/" ? 1 : real.length + 1))
      .sort();
  }

  entries(): [string, Node][] {
    return [...this.nodes].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  copy(): Tree {
    const copy = new Tree();
    for (const [path, node] of this.nodes) copy.nodes.set(path, node);
    return copy;
  }

  /** One line a node, for a person and for comparison; directories that only hold others are left out. */
  toString(): string {
    return this.entries()
      .map(([path, node]) => {
        if (node.kind === "link") return `${path} -> ${node.target}`;
        return node.kind === "file" ? `${path}: ${JSON.stringify(node.text)}` : `${path}/`;
      })
      .join("\n");
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
