import { spawnSync } from "node:child_process";

/** What a run of Nix left: its output, read as JSON where it succeeded. */
export interface NixResult {
  readonly status: number | null;
  readonly value: unknown;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd?: string): NixResult {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { status, stderr, value: status === 0 ? JSON.parse(stdout) : undefined };
}

/** Evaluates an expression strictly, without flakes. Every attribute is one case: one process does. */
export function evalNix(expression: string, ...options: readonly string[]): NixResult {
  return run("nix-instantiate", ["--eval", "--strict", "--json", ...options, "--expr", expression]);
}

/** `nix eval --json .#nixosConfigurations --apply EXPRESSION` in the directory of a flake. */
export function evalFlake(
  directory: string,
  apply: string,
  ...options: readonly string[]
): NixResult {
  const features = ["--extra-experimental-features", "nix-command flakes"];
  const args = ["eval", "--json", ".#nixosConfigurations", "--apply", apply];
  return run("nix", [...features, ...args, "--no-write-lock-file", ...options], directory);
}
