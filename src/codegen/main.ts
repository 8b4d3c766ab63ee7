// Writes every generated file, and the generated parts of pages. `npm run codegen` runs it.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fillPart, generate, MODEL_PATHS, PARTS } from "./generate.ts";
import { ModelError } from "./model.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFile(join(root, path), "utf8");

try {
  const files = generate({
    usage: await read(MODEL_PATHS.usage),
    plan: await read(MODEL_PATHS.plan),
  });
  for (const [path, text] of files) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  for (const part of PARTS) {
    await writeFile(join(root, part.path), fillPart(part, await read(part.path)));
  }
} catch (error) {
  if (!(error instanceof ModelError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
