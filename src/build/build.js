// Builds dist/microvm-sweep.js: one file that needs Node and nothing else. Plain JavaScript, because
// it also runs where neither TypeScript nor tsx is installed, such as the package of the flake.
import { spawnSync } from "node:child_process";
import { chmod, mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeTemplates } from "./templates.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Some dependencies are CommonJS: they load Node's own modules at run time. */
const BANNER = `#!/usr/bin/env node
import { createRequire as createRequireOfBundle } from "node:module";
import { fileURLToPath as pathOfBundle } from "node:url";
const require = createRequireOfBundle(import.meta.url);
const fileOfBundle = pathOfBundle(import.meta.url);`;

/** The arguments of esbuild. `dist/meta.json` lists what went in: the tests read it. */
const ARGUMENTS = [
  "src/cli/main.ts",
  "--bundle",
  "--platform=node",
  "--format=esm",
  "--target=node20.19",
  // The CommonJS of jsonc-parser hides its requires from a bundler; its ES module does not.
  "--main-fields=module,main",
  "--outfile=dist/microvm-sweep.js",
  "--metafile=dist/meta.json",
  "--legal-comments=none",
  "--log-level=warning",
  // CommonJS asks for the file that it is in.
  "--define:__filename=fileOfBundle",
  `--banner:js=${BANNER}`,
];

/**
 * Runs esbuild as a command: npm puts its own on PATH, the flake the one of nixpkgs, which comes
 * without a JavaScript interface.
 */
function bundle() {
  const path = [process.env["PATH"], join(ROOT, "node_modules", ".bin")].join(delimiter);
  const { status, error } = spawnSync("esbuild", ARGUMENTS, {
    cwd: ROOT,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error !== undefined) throw new Error(`cannot run esbuild: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

await writeTemplates(join(ROOT, "templates"), join(ROOT, "src/emit"));
await mkdir(join(ROOT, "dist"), { recursive: true });
bundle();
await chmod(join(ROOT, "dist/microvm-sweep.js"), 0o755);
