// Writes every file that is generated from the model. Run by `npm run codegen`.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate, MODEL_PATH } from "./generate.ts";
import { ModelError } from "./model/ModelError.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

try {
  const files = generate(await readFile(join(root, MODEL_PATH), "utf8"));
  for (const [path, text] of files) await writeFile(join(root, path), text);
} catch (error) {
  if (!(error instanceof ModelError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
