// Writes the hashes of the packages that the flake fixes: `npm run update-hash`, after a change of
// package-lock.json. It needs Nix and the network.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  HASHES_FILE,
  type Hashes,
  hashOfLock,
  installNodeModules,
  PLATFORMS,
} from "./nodeModules.ts";

const scratch = mkdtempSync(join(tmpdir(), "microvm-sweep-hash-"));

function hash(name: string, flags: readonly string[]): string {
  const result = installNodeModules(join(scratch, name), flags).hash;
  process.stderr.write(`${name}: ${result}\n`);
  return result;
}

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
