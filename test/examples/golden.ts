import { readFileSync, writeFileSync } from "node:fs";

/**
 * Whether expected files are to be written anew (`UPDATE_GOLDEN=1`), for a person to read the
 * difference afterwards.
 *
 * @throws Error under `CI=true`, where nobody would
 */
export function isUpdate(environment: NodeJS.ProcessEnv): boolean {
  if (environment["UPDATE_GOLDEN"] !== "1") return false;
  if (environment["CI"] === "true") throw new Error("UPDATE_GOLDEN=1 is refused under CI=true");
  return true;
}

/** The text that a file should have, after writing `actual` to it where that is asked for. */
export function golden(file: string, actual: string): string {
  if (isUpdate(process.env)) writeFileSync(file, actual);
  return readFileSync(file, "utf8");
}
