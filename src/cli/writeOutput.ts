import { fstatSync } from "node:fs";
import { readFile, readlink, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { fileFault } from "./fileFault.ts";
import { printResult } from "./printResult.ts";

/** The file that a path leads to, be it one that is not there yet. */
async function targetOf(file: string): Promise<string> {
  const link = await readlink(file).catch(() => undefined);
  if (link === undefined) return file;
  // A link may lead to nowhere, but not in a circle: ELOOP.
  await stat(file).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  return targetOf(resolve(await realpath(dirname(file)), link));
}

/** Whether the path leads to the file that standard output is. */
async function isStandardOutput(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  const { dev, ino } = fstatSync(1);
  return found?.dev === dev && found.ino === ino;
}

/** What there is at a path, links followed; nothing is as good as a file. */
async function kindOf(file: string): Promise<"file" | "directory" | "device"> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.isFile()) return "file";
  return found.isDirectory() ? "directory" : "device";
}

/**
 * Writes by temporary file and rename, so that the file is the old or the new one at any moment.
 * The text is written within the hook, because the package itself takes a short write, as on a disk
 * that is nearly full, for a whole one.
 */
async function replace(file: string, text: string): Promise<void> {
  await writeFileAtomic(file, "", { tmpfileCreated: (temporary) => writeFile(temporary, text) });
}

/**
 * Writes the result to a file. The mode of a file that is there stays, a symbolic link is followed,
 * a file that has this text already is not touched, and a device, a pipe or what standard output is
 * gets written to as it is.
 *
 * @returns whether anything was written
 * @throws CliFailure (`MS3003`)
 */
export async function writeOutput(file: string, text: string): Promise<boolean> {
  try {
    // A rename would take the file away from whoever else writes to it.
    if (await isStandardOutput(file)) {
      await printResult(text);
      return true;
    }
    const kind = await kindOf(file);
    if (kind === "directory") throw Object.assign(new Error(), { code: "EISDIR" });
    if (kind === "device") {
      await writeFile(file, text);
      return true;
    }
    const current = await readFile(file).catch(() => undefined);
    if (current?.equals(Buffer.from(text)) === true) return false;
    await replace(await targetOf(file), text);
    return true;
  } catch (error) {
    throw fileFault("MS3003", file, error);
  }
}
