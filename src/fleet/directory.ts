import {
  chmodSync,
  copyFileSync,
  type Dir,
  mkdirSync,
  mkdtempSync,
  opendirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Failure, fileFailure, Interruption, SIGNALS, systemCode } from "../diagnostics/failure.ts";

/** The file that lists the page of each host. */
export const INDEX_FILE = "default.nix";

/** The file of the page of a host. What a path of Nix cannot hold, or what has a meaning, is encoded. */
export function fileOfHost(host: string): string {
  const encoded = encodeURIComponent(host.toWellFormed()).replace(/^\.|[!'()*~]/g, percent);
  if (host === "") return "%.nix";
  return `${host === "default" ? encoded.replace(/^d/, percent) : encoded}.nix`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** The host whose page a file is, by its name. */
export function hostOfFile(file: string): string {
  try {
    return file === "%.nix" ? "" : decodeURIComponent(file.slice(0, -".nix".length));
  } catch {
    return file.slice(0, -".nix".length);
  }
}

/** The name of the directory inside in which a run prepares its files: it has the number of the process. */
const STAGING = /^\.microvm-sweep-(\d+)-/;

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

/**
 * A directory whose files change together. A run writes each new file into a directory inside, and renames all
 * of them at its end: where it fails before, as on a full disk, everything is as it was. It keeps no list of
 * its files, so that memory does not grow with them.
 *
 * It calls the file system synchronously: for thousands of small files that takes half the time. It does not
 * wait for the disk after each file: the files are in version control, and can be made again.
 *
 * @throws Failure (`MS3002`, `MS3003`) from the methods that read or write a file
 */
export class FleetDirectory {
  readonly path: string;
  #staging: string | undefined;

  /** The directory need not exist. @throws Failure where the path leads to something else */
  constructor(path: string) {
    this.path = path;
    this.#open()?.closeSync();
  }

  /** The path of a file in it, for messages. */
  pathOf(file: string): string {
    return join(this.path, file);
  }

  /** The files that are there, in no order. */
  *files(): Generator<string> {
    const directory = this.#open();
    if (directory === undefined) return;
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        yield entry.name;
      }
    } finally {
      directory.closeSync();
    }
  }

  #open(): Dir | undefined {
    try {
      return opendirSync(this.path);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw fileFailure("MS3002", this.path, error);
    }
  }

  /** The text of a file, as it is until the run ends. */
  read(file: string): string | undefined {
    const path = this.pathOf(file);
    try {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined) return undefined;
      // A read of a pipe would wait for ever.
      if (!found.isFile()) {
        const code = found.isDirectory() ? "EISDIR" : "ENOTSUP";
        throw Object.assign(new Error("it is not a file"), { code });
      }
      return readFileSync(path, "utf8");
    } catch (error) {
      throw fileFailure("MS3002", path, error);
    }
  }

  /** The text of a file where it has one that can be read. */
  readIfText(file: string): string | undefined {
    try {
      return this.read(file);
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  /** Prepares a file; its directory is made where it is missing. */
  stage(file: string, text: string): void {
    try {
      this.#staging ??= this.#makeStaging();
      const path = join(this.#staging, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    } catch (error) {
      throw fileFailure("MS3003", this.pathOf(file), error);
    }
  }

  /** Leaves a prepared file out again. */
  unstage(file: string): void {
    if (this.#staging !== undefined) rmSync(join(this.#staging, file), { force: true });
  }

  #makeStaging(): string {
    mkdirSync(this.path, { recursive: true });
    for (const name of this.files()) {
      const owner = STAGING.exec(name)?.[1];
      // Of a run that was killed.
      if (owner !== undefined && !isRunning(Number(owner))) {
        rmSync(this.pathOf(name), { recursive: true, force: true });
      }
    }
    for (const signal of SIGNALS) process.on(signal, this.#interrupt);
    return mkdtempSync(join(this.path, `.microvm-sweep-${process.pid}-`));
  }

  #interrupt = (signal: (typeof SIGNALS)[number]): void => {
    this.discard();
    process.exit(new Interruption(signal).exitCode);
  };

  /** Puts prepared files in their places, in the order that is given, and then removes files. */
  commit(prepared: Iterable<string>, removed: Iterable<string>): void {
    for (const file of prepared) {
      try {
        this.#replace(file);
      } catch (error) {
        throw fileFailure("MS3003", this.pathOf(file), error);
      }
    }
    for (const file of removed) {
      try {
        rmSync(this.pathOf(file), { force: true });
      } catch (error) {
        throw fileFailure("MS3003", this.pathOf(file), error);
      }
    }
    this.discard();
  }

  /** A link is followed, also into another file system, and the new file gets the mode of the old one. */
  #replace(file: string): void {
    const [from, path] = [join(this.#staging ?? "", file), this.pathOf(file)];
    mkdirSync(dirname(path), { recursive: true });
    const old = statSync(path, { throwIfNoEntry: false });
    if (old !== undefined) chmodSync(from, old.mode & 0o7777);
    const target = old === undefined ? path : realpathSync(path);
    try {
      renameSync(from, target);
    } catch (error) {
      if (systemCode(error) !== "EXDEV") throw error;
      const beside = `${target}.${process.pid}`;
      try {
        copyFileSync(from, beside);
        renameSync(beside, target);
      } finally {
        rmSync(beside, { force: true });
      }
    }
  }

  /** Removes what was prepared and is not in its place. */
  discard(): void {
    if (this.#staging === undefined) return;
    for (const signal of SIGNALS) process.off(signal, this.#interrupt);
    rmSync(this.#staging, { recursive: true, force: true });
    this.#staging = undefined;
  }
}
