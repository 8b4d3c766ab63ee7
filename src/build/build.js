// Builds dist/microvm-sweep.js: one file that needs Node and nothing else. Plain JavaScript, because
// it also runs where neither TypeScript nor tsx is installed, such as the package of the flake.
import { spawnSync } from "node:child_process";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleArguments } from "./bundleArguments.js";
import { writeTemplates } from "./templates.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs esbuild as a command: npm puts its own on PATH, the flake the one of nixpkgs, which comes
 * without a JavaScript interface.
 *
 * @param {readonly string[]} args
 */
function esbuild(args) {
  const path = [process.env["PATH"], join(root, "node_modules", ".bin")].join(delimiter);
  const { status, error } = spawnSync("esbuild", args, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error !== undefined) throw new Error(`cannot run esbuild: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
await writeTemplates(join(root, "templates"), join(root, "src/emit/templates.generated.js"));
await mkdir(join(root, "dist"), { recursive: true });
esbuild(bundleArguments(version));
await chmod(join(root, "dist/microvm-sweep.js"), 0o755);
