import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENTRIES = [
  "flake.nix",
  "flake.lock",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "share",
  "src",
  "templates",
  "examples",
  "test",
];

let copy: string | undefined;

/**
 * A copy of this repository as a flake has it, without what is installed or built, so that nix has
 * little to hash. One for each process.
 */
export function ourFlake(): string {
  if (copy !== undefined) return copy;
  const directory = mkdtempSync(join(tmpdir(), "microvm-sweep-flake-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  for (const entry of ENTRIES) {
    cpSync(join(ROOT, entry), join(directory, entry), {
      recursive: true,
      filter: (path) => !path.endsWith("templates.generated.js"),
    });
  }
  copy = directory;
  return directory;
}
