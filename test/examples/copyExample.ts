import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporary } from "../cli/support/temporary.ts";
import { EXAMPLES_DIRECTORY, type Example } from "./examples.ts";

/** A copy of an example that lives as long as the test; a module not made yet is an empty one. */
export function copyExample({ name, modules }: Example): string {
  const directory = join(temporary(), name);
  cpSync(join(EXAMPLES_DIRECTORY, name), directory, { recursive: true });
  for (const module of Object.values(modules)) {
    const file = join(directory, module);
    if (!existsSync(file)) writeFileSync(file, "{ }\n");
  }
  return directory;
}
