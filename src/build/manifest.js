// What `npm pack` puts into the package as its package.json: the bundles need no other package, so that whoever
// installs it installs none. `prepack` runs it with "pack", and `postpack` with "restore".
import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../../package.json", import.meta.url));
const WHOLE = join(FILE, "../dist/package.whole.json");

/** Puts the whole manifest back, also after a run that was killed in between. */
async function restore() {
  await rename(WHOLE, FILE).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
}

async function pack() {
  await restore();
  await copyFile(FILE, WHOLE);
  const { dependencies, devDependencies, scripts, ...rest } = JSON.parse(
    await readFile(FILE, "utf8"),
  );
  await writeFile(FILE, `${JSON.stringify(rest, null, 2)}\n`);
}

await (process.argv[2] === "pack" ? pack() : restore());
