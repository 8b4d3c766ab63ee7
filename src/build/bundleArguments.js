/**
 * The arguments that make esbuild write the bundle, run from the root of the repository.
 * `dist/meta.json` lists what went in: the tests read it to prove that no compiler did.
 *
 * @param {string} version the release that `--version` prints
 * @returns {string[]}
 */
export function bundleArguments(version) {
  return [
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
    `--define:MICROVM_SWEEP_VERSION=${JSON.stringify(version)}`,
    // Some dependencies are CommonJS: they ask for Node's own modules at run time, and for their file.
    "--define:__filename=fileOfBundle",
    `--banner:js=${BANNER}`,
  ];
}

const BANNER = [
  "#!/usr/bin/env node",
  'import { createRequire as createRequireOfBundle } from "node:module";',
  'import { fileURLToPath as pathOfBundle } from "node:url";',
  "const require = createRequireOfBundle(import.meta.url);",
  "const fileOfBundle = pathOfBundle(import.meta.url);",
].join("\n");
