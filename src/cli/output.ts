import { fstatSync } from "node:fs";
import { open, readFile, readlink, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { argumentFailure, Failure, fileFailure, systemCode } from "../diagnostics/failure.ts";
import { PROGRAM_DIRECTORY } from "../page/program.ts";

/**
 * Prints a result to standard output and waits until it is out. A reader that has gone away, as in
 * `| head`, is no error.
 *
 * @throws Failure (`MS3003`)
 */
export async function printResult(text: string): Promise<void> {
  const error = await new Promise<Error | null | undefined>((resolve) => {
    process.stdout.once("error", resolve);
    process.stdout.write(text, (failure) => {
      process.stdout.off("error", resolve);
      resolve(failure);
    });
  });
  if (error === null || error === undefined || systemCode(error) === "EPIPE") return;
  throw fileFailure("MS3003", "standard output", error);
}

/**
 * The file that a path leads to through symbolic links. It need not exist.
 *
 * @throws Error where it is a directory, or links lead in a circle
 */
async function outputFile(file: string): Promise<string> {
  const found = await stat(file).catch((error) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });
  if (found?.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  const link = await readlink(file).catch(() => undefined);
  return link === undefined ? file : outputFile(resolve(await realpath(dirname(file)), link));
}

/**
 * The file that a page is written to. Nix resolves `./microvm-sweep` after it has followed a link that is the
 * page, so the program lies beside this file.
 *
 * @throws Failure where no page can be written there, or the page has the program's name
 */
export async function pageFile(page: string): Promise<string> {
  try {
    const target = await outputFile(page);
    if (basename(target) === PROGRAM_DIRECTORY) {
      throw argumentFailure(`${page} is the directory of the program: the page needs another name`);
    }
    await stat(dirname(target));
    return target;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw fileFailure("MS3003", page, error);
  }
}

/** Whether the path leads to the file that standard output is. */
async function isStandardOutput(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  const { dev, ino } = fstatSync(1);
  return found?.dev === dev && found.ino === ino;
}

/**
 * Whether a path is one to write a stream to: a device, a pipe, or the file that standard output is. A
 * rename would take such a file away from whoever else writes to it.
 */
export async function isStream(file: string): Promise<boolean> {
  if (await isStandardOutput(file)) return true;
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

async function writeStream(file: string, text: string): Promise<void> {
  if (await isStandardOutput(file)) return printResult(text);
  return writeFile(file, text);
}

/**
 * Writes a file beside the old one and renames it, so that there is the old or the new one at any moment,
 * also after a loss of power. The new one has the mode and, where that is allowed, the owner of the old one.
 */
async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  const old = await stat(file).catch(() => undefined);
  try {
    const handle = await open(temporary, "w", old?.mode);
    try {
      await handle.writeFile(text);
      if (old !== undefined) {
        await handle.chown(old.uid, old.gid).catch(() => {});
        // After chown, which takes set-user-ID bits away; and open leaves out what the umask says.
        await handle.chmod(old.mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes a result to a file. An existing file keeps its mode, a symbolic link is followed, a file that
 * has this text already is not touched, and a stream is written to as it is.
 *
 * @returns whether anything was written
 * @throws Failure (`MS3003`)
 */
export async function writeOutput(file: string, text: string): Promise<boolean> {
  try {
    if (await isStream(file)) {
      await writeStream(file, text);
      return true;
    }
    const target = await outputFile(file);
    const current = await readFile(target).catch(() => undefined);
    if (current?.equals(Buffer.from(text)) === true) return false;
    await replace(target, text);
    return true;
  } catch (error) {
    throw fileFailure("MS3003", file, error);
  }
}
