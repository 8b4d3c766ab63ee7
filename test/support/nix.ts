import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const standin = (name: string) => fileURLToPath(new URL(`../standin/${name}`, import.meta.url));

/** The flakes that take the place of nixpkgs and microvm.nix where there is no network. */
export const STANDIN = { nixpkgs: standin("nixpkgs"), microvm: standin("microvm") } as const;

/** Flake inputs by name, each with the directory of the flake that takes its place. */
export type Overrides = Readonly<Record<string, string>>;

/** Nothing is fetched, built in a sandbox or as another user: the machine's programs are used. */
const OPTIONS = Object.entries({ sandbox: "false", substituters: "", "build-users-group": "" });

/** What a real run of nix against the stand-ins has at its end. */
export function standinOptions(overrides: Overrides): string[] {
  const inputs = Object.entries(overrides).flatMap(([name, directory]) => [
    "--override-input",
    name,
    `path:${directory}`,
  ]);
  const options = OPTIONS.flatMap(([name, value]) => ["--option", name, value]);
  // Not every command of nix that reads a flake locks one.
  const lock = inputs.length === 0 ? [] : ["--no-write-lock-file"];
  return [...inputs, ...lock, ...options];
}

/** What a run of nix left. */
export interface NixRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of nix stand before a program that it runs. */
function withOptions(args: readonly string[], options: readonly string[]): string[] {
  const index = args.findIndex((word) => word === "--" || word === "--command");
  const end = index < 0 ? args.length : index;
  return [...args.slice(0, end), ...options, ...args.slice(end)];
}

/** The path of nix, whatever else the PATH of what it runs has under that name. */
function machinesNix(): string {
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  const files = directories.map((directory) => join(directory, "nix"));
  return files.find((file) => existsSync(file)) ?? "nix";
}

/** Runs the machine's nix, with flakes, in a directory. */
export function nix(
  directory: string,
  args: readonly string[],
  overrides: Overrides,
  environment: Readonly<Record<string, string>> = {},
): Promise<NixRun> {
  const features = ["--extra-experimental-features", "nix-command flakes"];
  const words = withOptions(args, standinOptions(overrides));
  const child = spawn(machinesNix(), [...features, ...words], {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, ...output }));
  });
}

/** The same as a value; throws with what nix said where it fails. */
export async function nixJson(
  directory: string,
  args: readonly string[],
  overrides: Overrides,
): Promise<unknown> {
  const { status, stdout, stderr } = await nix(directory, [...args, "--json"], overrides);
  if (status !== 0) throw new Error(`nix ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
}

/**
 * A PATH on which `nix` is the machine's with the stand-ins in place. What is run so needs no option
 * that a user would not give.
 */
export function pathWithStandins(directory: string, overrides: Overrides): string {
  const bin = join(directory, "bin");
  const words = standinOptions(overrides).map((word) => `'${word}'`);
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, "nix"),
    `#!/bin/sh
PATH=\${PATH#*:}
[ "$1" = --version ] && exec nix --version
exec nix "$@" ${words.join(" ")}
`,
  );
  chmodSync(join(bin, "nix"), 0o755);
  return [bin, process.env["PATH"]].join(delimiter);
}

/** What a copy of the stand-in nixpkgs has that the original has not. */
export interface NixpkgsCopy {
  /** Release of NixOS, such as `26.11`. */
  readonly release?: string;
  /** Programs that builders do not find by themselves: absolute paths by name. */
  readonly tools?: Readonly<Record<string, string>>;
  /** Copy the programs instead of linking them, where builders cannot reach their place. */
  readonly copyTools?: boolean;
}

/** Makes a changed copy of the stand-in nixpkgs in `directory` and returns its path. */
export function standinNixpkgs(directory: string, change: NixpkgsCopy): string {
  const copy = join(directory, "nixpkgs");
  cpSync(STANDIN.nixpkgs, copy, { recursive: true });
  if (change.release !== undefined) writeFileSync(join(copy, "release"), `${change.release}\n`);
  if (change.tools !== undefined) mkdirSync(join(copy, "tools"));
  for (const [name, program] of Object.entries(change.tools ?? {})) {
    const target = join(copy, "tools", name);
    if (change.copyTools) cpSync(program, target, { dereference: true });
    else symlinkSync(program, target);
  }
  return copy;
}
