import { readFile, stat, writeFile } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import { fileFault } from "./fileFault.ts";

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
 * a file that has this text already is not touched, and a device or pipe is written to as it is.
 *
 * @returns whether anything was written
 * @throws CliFailure (`MS3003`)
 */
export async function writeOutput(file: string, text: string): Promise<boolean> {
  try {
    const kind = await kindOf(file);
    if (kind === "directory") throw Object.assign(new Error(), { code: "EISDIR" });
    if (kind === "device") {
      await writeFile(file, text);
      return true;
    }
    const current = await readFile(file).catch(() => undefined);
    if (current?.equals(Buffer.from(text)) === true) return false;
    await replace(file, text);
    return true;
  } catch (error) {
    throw fileFault("MS3003", file, error);
  }
}
