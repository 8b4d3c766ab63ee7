import { emitIndex, emitPage, recognize, vmsOfPage } from "../../page/emitPage.ts";
import { declaredNames } from "../../usage/declared.ts";
import { argumentFailure } from "../failure.ts";
import { fileOfHost, hostOfFile, INDEX_FILE } from "../fleet/directory.ts";
import { type Move, Moves, movedWarnings } from "../fleet/moves.ts";
import { type FleetPage, FleetRun } from "../fleet/run.ts";
import { sweepOf } from "../input.ts";
import type { Messages } from "../messages.ts";
import { printResult } from "../output.ts";
import { keptFile, keptReason, oldProgramNote, planProgram } from "../programDirectory.ts";
import type { GenArguments } from "./gen.ts";

/** What `gen --all` did, by the names of hosts. */
interface Summary {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
  readonly failed: readonly string[];
  readonly moved: readonly Move[];
}

function summaryLine({ written, unchanged, removed, failed }: Summary): string {
  const counts = `${written.length} written, ${unchanged.length} unchanged, ${removed.length} removed`;
  if (failed.length === 0) return counts;
  const names = failed.slice(0, 10).join(", ");
  return `${counts}, ${failed.length} failed: ${names}${failed.length > 10 ? ", …" : ""}`;
}

function checkGenArguments({ out, "out-dir": directory }: GenArguments): string {
  if (out !== "-") throw argumentFailure("--all writes to --out-dir, not to --out");
  if (directory === undefined) throw argumentFailure("--all needs --out-dir");
  return directory;
}

function isAnyPage(files: Iterable<string>): boolean {
  for (const file of files) if (file.endsWith(".nix") && file !== INDEX_FILE) return true;
  return false;
}

/** What becomes of the page of a host. */
type Fate = "written" | "unchanged" | "kept";

/** The pages of a fleet while `gen --all` prepares them. */
class Pages {
  /** The hosts that have a page at the end. */
  readonly #fates = new Map<string, Fate>();
  readonly removed: string[] = [];
  readonly moves = new Moves();
  readonly #run: FleetRun;
  readonly #force: boolean;
  readonly #isFirstRun: boolean;
  /** The program and the index, where they are prepared. */
  readonly #shared = new Set<string>();
  /** Files of the program that this release does not have. */
  readonly #leftFiles: string[] = [];

  constructor(run: FleetRun, force: boolean) {
    this.#run = run;
    this.#force = force;
    this.#isFirstRun = !isAnyPage(run.directory.files());
  }

  /** The hosts whose page has a fate, in the order of the input. */
  with(fate: Fate): readonly string[] {
    return [...this.#fates].filter(([, one]) => one === fate).map(([name]) => name);
  }

  /** Prepares the page of a host. */
  write({ name, host, current }: FleetPage): void {
    const { directory, settings, command, findings } = this.#run;
    const text = emitPage(sweepOf(name, host, settings), { command });
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
    this.#run.directory.unstage(fileOfHost(name));
  }

  #keptReason(file: string, text: string | undefined, place: "page" | "index") {
    if (text === undefined) return undefined;
    return keptReason(this.#run.directory.pathOf(file), text, place, this.#force);
  }

  #stageShared(file: string, text: string): void {
    this.#run.directory.stage(file, text);
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
    const { write, remove, kept } = planProgram(this.#run.directory, this.#force);
    for (const [file, text] of write) this.#stageShared(file, text);
    this.#leftFiles.push(...remove);
    this.#run.findings.addErrors(kept);
    return kept.length === 0;
  }

  /** Finds the pages of hosts that left, and those that stay although their host failed. */
  findLeftovers(): void {
    const { directory, findings } = this.#run;
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
    const { directory, command, findings } = this.#run;
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
    this.#run.directory.commit(this.#prepared(), [
      ...this.#leftFiles,
      ...this.removed.map(fileOfHost),
    ]);
  }
}

/**
 * Runs `gen --all`: writes one page for each host, one program and the index. A host that fails keeps the
 * page it has.
 */
export async function genFleet(args: GenArguments, messages: Messages): Promise<number> {
  const run = await FleetRun.start(args, checkGenArguments(args), messages);
  const { directory, findings } = run;
  const pages = new Pages(run, args.force === true);
  try {
    for await (const page of run.pages((name) => pages.drop(name))) pages.write(page);
    pages.findLeftovers();
    const isOurProgram = pages.prepareProgram();
    pages.prepareIndex();
    const moved = movedWarnings(pages.moves, new Set(pages.removed));
    const isMove = messages.judge(moved).some(({ severity }) => severity === "error");
    const isRefused = isMove || !isOurProgram;
    if (!isRefused) pages.commit();
    const status = findings.report(run.input.file, moved, messages);
    const summary = {
      written: isRefused ? [] : pages.with("written"),
      unchanged: pages.with("unchanged"),
      removed: isRefused ? [] : pages.removed,
      failed: findings.failed,
      moved: pages.moves.list(),
    };
    if (isMove) messages.note("nothing is changed, because a warning is an error");
    else if (isRefused) messages.note("nothing is changed, because the program cannot be written");
    const old = isRefused ? undefined : oldProgramNote(directory);
    if (old !== undefined) messages.note(old);
    if (args.json === true) await printResult(`${JSON.stringify(summary)}\n`);
    messages.note(summaryLine(summary));
    return status;
  } finally {
    directory.discard();
  }
}
