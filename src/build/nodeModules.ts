// The packages of npm that the flake fixes by hash. Run as a program it writes the hashes: `npm run update-hash`,
// after a change of package-lock.json. It needs Nix and the network.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Where the hashes are that `src/flake/node-modules.nix` fixes. */
export const HASHES_FILE = join(ROOT, "src/flake/node-modules.json");

/** The arguments that make npm install for another platform, by the name that Nix has for it. */
export const PLATFORMS = {
  "x86_64-linux": ["--os=linux", "--cpu=x64", "--libc=glibc"],
  "aarch64-linux": ["--os=linux", "--cpu=arm64", "--libc=glibc"],
  "aarch64-darwin": ["--os=darwin", "--cpu=arm64"],
} as const;

/** SRI hashes: of `package-lock.json`, and of what npm installs from it. */
export interface Hashes {
  readonly lock: string;
  readonly production: string;
  readonly development: Readonly<Record<keyof typeof PLATFORMS, string>>;
}

/** The hash of the lock file, which tells whether the others may be stale. */
export function hashOfLock(): string {
  const lock = readFileSync(join(ROOT, "package-lock.json"));
  return `sha256-${createHash("sha256").update(lock).digest("base64")}`;
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw new Error(`cannot run ${command}: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

/**
 * Installs the locked packages as the derivation does.
 *
 * @param directory an empty directory for what is made
 * @param flags more arguments for npm, such as `--omit=dev`
 * @returns the directory that is the output of the derivation, and its SRI hash
 */
export function installNodeModules(
  directory: string,
  flags: readonly string[],
): { readonly path: string; readonly hash: string } {
  const source = join(directory, "source");
  const path = join(directory, "microvm-sweep-node-modules");
  mkdirSync(source, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) {
    copyFileSync(join(ROOT, file), join(source, file));
  }
  run("bash", [join(ROOT, "src/flake/install-node-modules.sh"), path, ...flags], source);
  const nix = ["--extra-experimental-features", "nix-command", "hash", "path", path];
  return { path, hash: run("nix", nix, source) };
}

/** Writes the hashes, and says each on standard error. */
function updateHashes(): void {
  const scratch = mkdtempSync(join(tmpdir(), "microvm-sweep-hash-"));
  const hash = (name: string, flags: readonly string[]) => {
    const result = installNodeModules(join(scratch, name), flags).hash;
    process.stderr.write(`${name}: ${result}\n`);
    return result;
  };
  try {
    const hashes: Hashes = {
      lock: hashOfLock(),
      production: hash("production", ["--omit=dev"]),
      development: {
        "x86_64-linux": hash("x86_64-linux", PLATFORMS["x86_64-linux"]),
        "aarch64-linux": hash("aarch64-linux", PLATFORMS["aarch64-linux"]),
        "aarch64-darwin": hash("aarch64-darwin", PLATFORMS["aarch64-darwin"]),
      },
    };
    writeFileSync(HASHES_FILE, `${JSON.stringify(hashes, null, 2)}\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) updateHashes();
