import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Overrides, standinNixpkgs } from "../support/nix.ts";

const ESBUILD = fileURLToPath(new URL("../../node_modules/.bin/esbuild", import.meta.url));

/** What the log of a build has where this machine has no statix, so that no Nix was looked at. */
export const WITHOUT_STATIX = "not statix, but a stand-in: it has looked at nothing";

/** Takes the place of statix: it accepts the call that the flake makes, where the settings are. */
const STATIX = `#!/bin/sh
if [ "$*" != check ] || [ ! -e statix.toml ]; then exit 1; fi
echo "${WITHOUT_STATIX}" >&2
`;

/** Finds a program on PATH, or where cargo puts it. */
function find(program: string): string | undefined {
  const path = `${process.env["PATH"]}${delimiter}${join(homedir(), ".cargo/bin")}`;
  return path
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find(existsSync);
}

/** Whether this machine has statix, which no registry of crates has. */
export const HAS_STATIX = find("statix") !== undefined;

/** Programs that may be where no builder looks for them; stand-ins are written to the directory. */
function tools(directory: string): Record<string, string> {
  const statix = join(directory, "statix");
  writeFileSync(statix, STATIX, { mode: 0o755 });
  const found = ["deadnix", "nixfmt", "statix"].map((name) => [name, find(name)]);
  return {
    esbuild: ESBUILD,
    node: process.execPath,
    npm: join(dirname(process.execPath), "npm"),
    statix,
    ...Object.fromEntries(found.filter(([, path]) => path !== undefined)),
  };
}

/** The stand-in for nixpkgs with all that a build of our flake runs; it ends with the process. */
function nixpkgs(): string {
  const directory = mkdtempSync(join(tmpdir(), "microvm-sweep-nixpkgs-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  return standinNixpkgs(directory, { tools: tools(directory) });
}

let usual: string | undefined;

/** What takes the place of our flake's one input. */
export function standins(): Overrides {
  usual ??= nixpkgs();
  return { nixpkgs: usual };
}
