import { emitIndex, recognize, vmsOfPage } from "../page/emitPage.ts";
import { declaredNames } from "../usage/declared.ts";
import { fileOfHost, hostOfFile, INDEX_FILE } from "./directory.ts";
import type { Fleet, FleetPage } from "./fleet.ts";
import { Moves } from "./moves.ts";
import { keptFile, keptReason, planProgram } from "./programDirectory.ts";

function isAnyPage(files: Iterable<string>): boolean {
  for (const file of files) if (file.endsWith(".nix") && file !== INDEX_FILE) return true;
  return false;
}

/** What becomes of the page of a host. */
type Fate = "written" | "unchanged" | "kept";

/** The files of a fleet while `gen --all` prepares them. */
export class Update {
  /** The hosts that have a page at the end. */
  readonly #fates = new Map<string, Fate>();
  readonly removed: string[] = [];
  readonly moves = new Moves();
  readonly #fleet: Fleet;
  readonly #force: boolean;
  readonly #isFirstRun: boolean;
  /** The program and the index, where they are prepared. */
  readonly #shared = new Set<string>();
  /** Files of the program that this release does not have. */
  readonly #leftFiles: string[] = [];

  constructor(fleet: Fleet, force: boolean) {
    this.#fleet = fleet;
    this.#force = force;
    this.#isFirstRun = !isAnyPage(fleet.options.directory.files());
  }

  /** The hosts whose page has a fate, in the order of the input. */
  with(fate: Fate): readonly string[] {
    return [...this.#fates].filter(([, one]) => one === fate).map(([name]) => name);
  }

  /** Prepares the page of a host. */
  write({ name, host, current, page: text }: FleetPage): void {
    const { findings } = this.#fleet;
    const { directory } = this.#fleet.options;
    const file = fileOfHost(name);
    if (current === text) {
      this.#fates.set(name, "unchanged");
      return;
    }
    const kept = this.#keptReason(file, current, "page");
    if (kept !== undefined) {
      findings.fail(name, [kept]);
      return;
    }
    directory.stage(file, text);
    this.#fates.set(name, "written");
    // Where there was no page at all, no MicroVM can have left one.
    if (this.#isFirstRun) return;
    this.moves.change(name, vmsOfPage(current ?? ""), host, declaredNames(host).vms);
  }

  /** Drops the page of a host that the input has twice. */
  drop(name: string): void {
    this.#fates.delete(name);
    this.moves.forget(name);
    this.#fleet.options.directory.unstage(fileOfHost(name));
  }

  #keptReason(file: string, text: string | undefined, place: "page" | "index") {
    if (text === undefined) return undefined;
    return keptReason(this.#fleet.options.directory.pathOf(file), text, place, this.#force);
  }

  #stageShared(file: string, text: string): void {
    this.#fleet.options.directory.stage(file, text);
    this.#shared.add(file);
  }

  /**
   * Prepares the program where a page of this run needs it. A page that is kept may be of another release.
   *
   * @returns whether nothing of somebody else is in its place
   */
  prepareProgram(): boolean {
    const isOfThisRun = [...this.#fates.values()].some((fate) => fate !== "kept");
    if (!isOfThisRun) return true;
    const { write, remove, kept } = planProgram(this.#fleet.options.directory, this.#force);
    for (const [file, text] of write) this.#stageShared(file, text);
    this.#leftFiles.push(...remove);
    this.#fleet.findings.addErrors(kept);
    return kept.length === 0;
  }

  /** Finds the pages of hosts that left, and those that stay although their host failed. */
  findLeftovers(): void {
    const { findings } = this.#fleet;
    const { directory } = this.#fleet.options;
    for (const file of directory.files()) {
      const host = hostOfFile(file);
      // A file with another name than its host's is of somebody else.
      if (file !== fileOfHost(host) || file === INDEX_FILE || this.#fates.has(host)) continue;
      const text = directory.readIfText(file);
      if (text === undefined) continue;
      const { kind, isEdited } = recognize(text);
      if (kind !== "page") continue;
      if (findings.isIncomplete || findings.hasFailed(host)) this.#fates.set(host, "kept");
      else if (isEdited && !this.#force) {
        findings.fail(host, [keptFile(directory.pathOf(file), "the page", true)]);
        this.#fates.set(host, "kept");
      } else {
        this.removed.push(host);
        this.moves.leave(host, vmsOfPage(text));
      }
    }
    this.removed.sort();
  }

  /** Prepares the index, unless there is nothing to list. */
  prepareIndex(): void {
    const { findings } = this.#fleet;
    const { directory, command } = this.#fleet.options;
    const current = directory.read(INDEX_FILE);
    if (this.#fates.size === 0 && current === undefined) return;
    const index = emitIndex(this.#fates.keys(), fileOfHost, { command });
    if (current === index) return;
    const kept = this.#keptReason(INDEX_FILE, current, "index");
    if (kept === undefined) this.#stageShared(INDEX_FILE, index);
    else findings.addErrors([kept]);
  }

  /** First the program, which pages import, and last the index, which imports pages. */
  *#prepared(): Generator<string> {
    for (const file of this.#shared) if (file !== INDEX_FILE) yield file;
    for (const [name, fate] of this.#fates) if (fate === "written") yield fileOfHost(name);
    if (this.#shared.has(INDEX_FILE)) yield INDEX_FILE;
  }

  commit(): void {
    this.#fleet.options.directory.commit(this.#prepared(), [
      ...this.#leftFiles,
      ...this.removed.map(fileOfHost),
    ]);
  }
}
