import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Interruption, SIGNALS } from "../../nix/failures.ts";
import { fileFailure, systemCode } from "../failure.ts";

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

/** The directory inside in which a run prepares its files, with the number of its process. */
const STAGING = /^\.microvm-sweep-(\d+)$/;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

/**
 * A directory whose files change together. A run writes each new file into a directory inside, and renames all
 * of them at its end: where it fails before, as on a full disk, everything is as it was.
 *
 * It calls the file system synchronously: for thousands of small files that takes half the time. It does not
 * wait for the disk after each file: the files are in version control, and can be made again.
 *
 * @throws CliFailure (`MS3002`, `MS3003`) from every method
 */
export class FleetDirectory {
  readonly path: string;
  readonly #entries: ReadonlySet<string>;
  readonly #staged = new Set<string>();
  #staging: string | undefined;

  /** Reads which files there are. The directory need not exist. */
  constructor(path: string) {
    this.path = path;
    this.#entries = new Set(this.#list());
  }

  #list(): readonly string[] {
    try {
      return readdirSync(this.path);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return [];
      throw fileFailure("MS3003", this.path, error);
    }
  }

  /** The path of a file in it, for messages. */
  pathOf(file: string): string {
    return join(this.path, file);
  }

  /** The files that were there at the start, sorted. */
  files(): readonly string[] {
    return [...this.#entries].sort();
  }

  /** The text that a file had at the start. */
  read(file: string): string | undefined {
    if (!this.#entries.has(file)) return undefined;
    try {
      return readFileSync(this.pathOf(file), "utf8");
    } catch (error) {
      // A link that leads nowhere.
      if (systemCode(error) === "ENOENT") return undefined;
      throw fileFailure("MS3002", this.pathOf(file), error);
    }
  }

  /** Prepares a file; its directory is made where it is missing. */
  stage(file: string, text: string): void {
    try {
      this.#staging ??= this.#makeStaging();
      writeFileSync(join(this.#staging, file), text);
    } catch (error) {
      throw fileFailure("MS3003", this.pathOf(file), error);
    }
    this.#staged.add(file);
  }

  /** Leaves a prepared file out again. */
  unstage(file: string): void {
    this.#staged.delete(file);
  }

  #makeStaging(): string {
    mkdirSync(this.path, { recursive: true });
    for (const name of this.#entries) {
      const owner = STAGING.exec(name)?.[1];
      // Of a run that was killed.
      if (owner !== undefined && !isRunning(Number(owner))) this.#remove(name);
    }
    const staging = join(this.path, `.microvm-sweep-${process.pid}`);
    for (const signal of SIGNALS) process.on(signal, this.#interrupt);
    mkdirSync(staging);
    return staging;
  }

  #interrupt = (signal: (typeof SIGNALS)[number]): void => {
    this.discard();
    process.exit(new Interruption(signal).exitCode);
  };

  #remove(file: string): void {
    rmSync(this.pathOf(file), { recursive: true, force: true });
  }

  /** Puts every prepared file in its place, in the order of their preparation, and then removes files. */
  commit(removed: readonly string[]): void {
    for (const file of this.#staged) {
      try {
        renameSync(join(this.#staging ?? "", file), this.#target(file));
      } catch (error) {
        throw fileFailure("MS3003", this.pathOf(file), error);
      }
    }
    for (const file of removed) {
      try {
        rmSync(this.pathOf(file));
      } catch (error) {
        throw fileFailure("MS3003", this.pathOf(file), error);
      }
    }
    this.discard();
  }

  /** Where a file goes: a link is followed. The new file gets the mode of the one that is there. */
  #target(file: string): string {
    const path = this.pathOf(file);
    if (!this.#entries.has(file)) return path;
    try {
      const target = realpathSync(path);
      chmodSync(join(this.#staging ?? "", file), statSync(target).mode & 0o7777);
      return target;
    } catch (error) {
      if (systemCode(error) === "ENOENT") return path;
      throw error;
    }
  }

  /** Removes what was prepared and is not in its place. */
  discard(): void {
    if (this.#staging === undefined) return;
    for (const signal of SIGNALS) process.off(signal, this.#interrupt);
    rmSync(this.#staging, { recursive: true, force: true });
    this.#staging = undefined;
    this.#staged.clear();
  }
}
