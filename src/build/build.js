// Builds dist/microvm-sweep.js, and dist/chunks with what few runs need: they need Node and nothing else. Plain
// JavaScript, because it also runs where neither TypeScript nor tsx is installed, such as the package of the flake.
import { spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { embedExtractor, writeTemplates } from "./templates.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Some dependencies are CommonJS: they load Node's own modules at run time. */
const BANNER = `import { createRequire as createRequireOfBundle } from "node:module";
import { fileURLToPath as pathOfBundle } from "node:url";
const require = createRequireOfBundle(import.meta.url);
const fileOfBundle = pathOfBundle(import.meta.url);`;

/** The arguments of esbuild for every bundle. */
const COMMON = [
  "--bundle",
  "--platform=node",
  "--format=esm",
  "--target=node20.19",
  // The CommonJS of jsonc-parser hides its requires from a bundler; its ES module does not.
  "--main-fields=module,main",
  "--legal-comments=none",
  "--log-level=warning",
  // CommonJS asks for the file that it is in.
  "--define:__filename=fileOfBundle",
];

/**
 * The program. What it imports while it runs, such as yargs, becomes a file of its own; a start reads no more than
 * it needs. `dist/meta.json` lists what went in: the tests read it.
 */
const PROGRAM = [
  "microvm-sweep=src/cli/main.ts",
  "--outdir=dist",
  "--splitting",
  "--chunk-names=chunks/[name]-[hash]",
  "--minify",
  "--metafile=dist/meta.json",
  `--banner:js=${BANNER}`,
  ...COMMON,
];

/** What `import "microvm-sweep"` loads. */
const LIBRARY = ["src/compile.ts", "--outfile=dist/index.js", `--banner:js=${BANNER}`, ...COMMON];

/**
 * Runs a command. npm puts its own esbuild on PATH, the flake that of nixpkgs, which comes without a
 * JavaScript interface.
 *
 * @param {string} command @param {readonly string[]} args
 */
function run(command, args) {
  const path = [process.env["PATH"], join(ROOT, "node_modules", ".bin")].join(delimiter);
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error !== undefined) throw new Error(`cannot run ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Writes the types of the library, a file for each file of src that it takes a type from. TypeScript keeps
 * the names of imports, and whoever installs the package has no file that ends with .ts.
 */
async function writeTypes() {
  const types = join(ROOT, "dist/types");
  await rm(types, { recursive: true, force: true });
  run("tsc", ["--project", "tsconfig.types.json"]);
  for (const name of await readdir(types, { recursive: true })) {
    if (!name.endsWith(".d.ts")) continue;
    const text = await readFile(join(types, name), "utf8");
    await writeFile(
      join(types, name),
      text.replaceAll(/(from|import\() ?"(\..*)\.ts"/g, '$1 "$2.js"'),
    );
  }
}

await writeTemplates(join(ROOT, "templates"), join(ROOT, "src/page"));
await embedExtractor(join(ROOT, "src/nix"));
await mkdir(join(ROOT, "dist"), { recursive: true });
// Their names change with what is in them.
await rm(join(ROOT, "dist/chunks"), { recursive: true, force: true });
run("esbuild", PROGRAM);
await chmod(join(ROOT, "dist/microvm-sweep.js"), 0o755);
if (process.argv.includes("--library")) {
  run("esbuild", LIBRARY);
  await writeTypes();
}
