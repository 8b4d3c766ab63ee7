import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HASHES_FILE, type Hashes, installNodeModules } from "../../src/build/nodeModules.ts";

const NAME = "microvm-sweep-node-modules";

/** The hashes that the flake fixes. */
export const HASHES = JSON.parse(readFileSync(HASHES_FILE, "utf8")) as Hashes;

function store(...args: readonly string[]): { readonly ok: boolean; readonly stdout: string } {
  const options = ["--option", "build-users-group", ""];
  const { status, stdout } = spawnSync("nix-store", [...args, ...options], { encoding: "utf8" });
  return { ok: status === 0, stdout: stdout.trim() };
}

/**
 * Puts what npm installs into the store as the output of the fixed-output derivation, so that a build
 * needs no network. A hash that is stale makes another path, which the derivation does not find.
 *
 * @param flags arguments of npm, `--omit=dev` for the packages that the program bundles
 */
export function addLockedPackages(expected: string, flags: readonly string[]): void {
  const digest = Buffer.from(expected.replace("sha256-", ""), "base64").toString("hex");
  const path = store("--print-fixed-path", "--recursive", "sha256", digest, NAME).stdout;
  if (store("--check-validity", path).ok) return;
  const scratch = mkdtempSync(join(tmpdir(), "microvm-sweep-packages-"));
  try {
    const made = installNodeModules(scratch, flags);
    store("--add-fixed", "--recursive", "sha256", made.path);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What the package of the flake is built from. */
export function addProductionPackages(): void {
  addLockedPackages(HASHES.production, ["--omit=dev"]);
}
