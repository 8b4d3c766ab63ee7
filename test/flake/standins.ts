import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Overrides, standinNixpkgs } from "../support/nix.ts";

const ESBUILD = fileURLToPath(new URL("../../node_modules/.bin/esbuild", import.meta.url));

/** Finds a program on PATH, or where cargo puts it. */
function find(program: string): string | undefined {
  const path = `${process.env["PATH"]}${delimiter}${join(homedir(), ".cargo/bin")}`;
  return path
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find(existsSync);
}

/** Programs that may be where no builder looks for them. */
function tools(): Record<string, string> {
  const found = ["deadnix", "nixfmt"].map((name) => [name, find(name)]);
  return {
    esbuild: ESBUILD,
    node: process.execPath,
    npm: join(dirname(process.execPath), "npm"),
    ...Object.fromEntries(found.filter(([, path]) => path !== undefined)),
  };
}

/** The stand-in for nixpkgs with all that a build of our flake runs; it ends with the process. */
function nixpkgs(): string {
  const directory = mkdtempSync(join(tmpdir(), "microvm-sweep-nixpkgs-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  return standinNixpkgs(directory, { tools: tools() });
}

let usual: string | undefined;

/** What takes the place of our flake's one input. */
export function standins(): Overrides {
  usual ??= nixpkgs();
  return { nixpkgs: usual };
}
