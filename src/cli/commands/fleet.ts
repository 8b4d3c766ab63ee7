import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { visible } from "../../diagnostics/render.ts";
import { describeValue } from "../../diagnostics/wording.ts";
import {
  commandOf,
  emitIndex,
  emitPage,
  isEdited,
  isIndex,
  isPage,
  vmsOfPage,
} from "../../emit/emitPage.ts";
import { PROGRAM_FILE, programText, release } from "../../emit/program.ts";
import { shellCommand } from "../../emit/quote.ts";
import { LIMITS, sortAndLimit } from "../../json/fault.ts";
import { checkPolicy } from "../../policy/checkPolicy.ts";
import type { Settings } from "../../policy/policy.ts";
import { declaredNames } from "../../usage/declaredNames.ts";
import type { Host } from "../../usage/model.ts";
import { type FleetHost, readFleet } from "../../usage/readFleet.ts";
import { argumentFailure, CliFailure, EXIT, fileFailure } from "../failure.ts";
import { FleetDirectory, fileOfHost, hostOfFile } from "../fleetDirectory.ts";
import { type Move, Moves, movedWarnings } from "../fleetMoves.ts";
import { type FleetInput, openFleet, readSettings, sweepOf } from "../input.ts";
import type { Messages } from "../messages.ts";
import { type CompileArguments, fleetCommand } from "../options.ts";
import { printResult } from "../output.ts";
import { type CheckArguments, printDiff } from "./check.ts";
import type { GenArguments } from "./gen.ts";

const INDEX_FILE = "default.nix";

/** From how many hosts on one `nix eval` takes too much memory. */
const MANY_HOSTS = 20;

/** The longest name of a file on the file systems of Linux. */
const LONGEST_FILE_NAME = 255;

/** A host of the input that has a page. */
interface FleetPage {
  readonly name: string;
  readonly host: Host;
  /** The name of its file. */
  readonly file: string;
  /** The text that is there. */
  readonly current: string | undefined;
}

/** What a run over all hosts has found wrong. */
class Findings {
  readonly #errors: Diagnostic[] = [];
  readonly #warnings = new Map<string, { first: Diagnostic; hosts: string[] }>();
  readonly #failed = new Set<string>();
  #dropped = 0;
  #isEvaluationError = false;
  /** Whether a host of the input has no name: nobody knows which hosts have left. */
  isIncomplete = false;

  /** The hosts, or lines, that failed. */
  get failed(): readonly string[] {
    return [...this.#failed];
  }

  hasFailed(name: string): boolean {
    return this.#failed.has(name);
  }

  /** Notes that a host, or a line without a name, failed. */
  fail(name: string, diagnostics: readonly Diagnostic[]): void {
    this.#failed.add(name);
    this.add(diagnostics);
  }

  failEvaluation(): void {
    this.#isEvaluationError = true;
  }

  add(diagnostics: readonly Diagnostic[]): void {
    const room = LIMITS.faults - this.#errors.length;
    this.#errors.push(...diagnostics.slice(0, room));
    this.#dropped += Math.max(0, diagnostics.length - room);
  }

  /** Notes a warning of the policy about a host: what is said of many hosts is said once. */
  warn(name: string, diagnostic: Diagnostic): void {
    const same = this.#warnings.get(diagnostic.message);
    if (same === undefined) {
      this.#warnings.set(diagnostic.message, { first: diagnostic, hosts: [name] });
    } else same.hosts.push(name);
  }

  #all(): readonly Diagnostic[] {
    const warnings = [...this.#warnings.values()].map(({ first, hosts }) => {
      const more = hosts.length - 1;
      const others = more === 0 ? "" : ` and ${more} more host${more === 1 ? "" : "s"}`;
      return { ...first, message: `${hosts[0]}${others}: ${first.message}` };
    });
    return [...this.#errors, ...warnings];
  }

  /** Prints everything, and returns the exit status that it comes to. */
  report(file: string, messages: Messages): number {
    const judged = messages.judge(this.#all());
    messages.report(sortAndLimit(judged, file));
    if (this.#isEvaluationError) return EXIT.command;
    const hasError = judged.some(({ severity }) => severity === "error");
    return hasError || this.#failed.size + this.#dropped > 0 ? EXIT.input : EXIT.done;
  }
}

/** A command line for all hosts, its settings read and checked. */
class Run {
  readonly args: CompileArguments;
  readonly messages: Messages;
  readonly directory: FleetDirectory;
  readonly settings: Settings;
  readonly findings = new Findings();
  /** The command that makes all pages, as a line for a shell. */
  readonly command: string;
  /** The number of the line of each host that was read. */
  readonly lines = new Map<string, number>();
  readonly input: FleetInput;

  constructor(
    args: CompileArguments,
    messages: Messages,
    directory: FleetDirectory,
    settings: Settings,
    input: FleetInput,
  ) {
    this.args = args;
    this.messages = messages;
    this.directory = directory;
    this.settings = settings;
    this.input = input;
    this.command = shellCommand(fleetCommand(args, directory.path));
  }

  /** Checks the arguments and opens the input. @throws CliFailure, Interruption */
  static async start(args: CompileArguments, path: string, messages: Messages): Promise<Run> {
    // One host is garbage before the next: a larger space for young objects takes memory and saves no time.
    process.getBuiltinModule("node:v8").setFlagsFromString("--semi-space-growth-factor=1");
    if (args.format === "script") throw argumentFailure("--all goes with --format module");
    if (args.host !== undefined) throw argumentFailure("--all and --host exclude each other");
    if (args.systemctl !== undefined) {
      throw argumentFailure("--systemctl goes with --format script");
    }
    const { settings, diagnostics } = await readSettings(args);
    messages.requireNoErrors([...diagnostics, ...checkPolicy(settings)]);
    const directory = new FleetDirectory(path);
    return new Run(args, messages, directory, settings, await openFleet(args, messages));
  }

  /**
   * Reads the hosts of the input, one in memory at a time; notes what is wrong with each, and skips guests.
   *
   * @param again what to do with a host that comes for the second time: neither of the two is right
   */
  async *pages(again: (name: string) => void): AsyncGenerator<FleetPage> {
    const { args, input, lines, messages } = this;
    const request = { file: input.file, format: input.format, version: release() };
    const progress = messages.count("hosts");
    try {
      for await (const read of readable(readFleet(input.stream, request), input.file)) {
        progress.add();
        const accepted = this.#accept(read, again);
        const page = accepted === undefined ? undefined : this.#page(accepted);
        if (page !== undefined) yield page;
      }
    } finally {
      progress.stop();
    }
    if (args.flake !== undefined && lines.size >= MANY_HOSTS) messages.note(manyHosts(lines.size));
  }

  /** The host with the page that is there, unless it is a guest or its policy or page has an error. */
  #page({ name, host }: Pick<FleetPage, "name" | "host">): FleetPage | undefined {
    if (host.role === "guest" || !this.#allows(name, host)) return undefined;
    const file = fileOfHost(name);
    try {
      if (file.length > LONGEST_FILE_NAME) throw tooLong(this.directory.pathOf(file));
      return { name, host, file, current: this.directory.read(file) };
    } catch (error) {
      if (!(error instanceof CliFailure)) throw error;
      this.findings.fail(name, error.diagnostics);
      return undefined;
    }
  }

  /** The host that was read, where it has no error and is the only one of its name so far. */
  #accept(
    { name, host, line, diagnostics, isEvaluationError }: FleetHost,
    again: (name: string) => void,
  ): Pick<FleetPage, "name" | "host"> | undefined {
    const { findings, input, lines } = this;
    if (isEvaluationError === true) findings.failEvaluation();
    if (name === undefined) {
      findings.isIncomplete = true;
      findings.fail(`line ${line}`, diagnostics);
      return undefined;
    }
    const first = lines.get(name);
    if (first !== undefined) {
      findings.fail(name, [...diagnostics, twice(name, input.file, first, line)]);
      again(name);
      return undefined;
    }
    lines.set(name, line);
    if (host !== undefined) return { name, host };
    findings.fail(name, diagnostics);
    return undefined;
  }

  /** Whether the policy fits the host. */
  #allows(name: string, host: Host): boolean {
    const { findings, messages, settings } = this;
    const policy = messages.judge(checkPolicy(settings, host));
    const errors = policy.filter(({ severity }) => severity === "error");
    if (errors.length > 0) {
      findings.fail(
        name,
        errors.map((one) => ({ ...one, message: `${name}: ${one.message}` })),
      );
    }
    for (const one of policy) if (one.severity === "warning") findings.warn(name, one);
    return errors.length === 0;
  }
}

/** Passes on what is read; an error of the operating system becomes one of the input. */
async function* readable(hosts: AsyncIterable<FleetHost>, file: string): AsyncGenerator<FleetHost> {
  const iterator = hosts[Symbol.asyncIterator]();
  for (;;) {
    const next = await iterator.next().catch((error) => {
      throw fileFailure("MS3002", file, error);
    });
    if (next.done === true) return;
    yield next.value;
  }
}

function tooLong(path: string): CliFailure {
  return fileFailure("MS3003", path, Object.assign(new Error(), { code: "ENAMETOOLONG" }));
}

function manyHosts(count: number): string {
  return `${count} hosts in one nix eval take much memory; see: microvm-sweep expr --for nix-eval-jobs`;
}

function twice(name: string, file: string, first: number, second: number): Diagnostic {
  const place = (line: number) => ({ pointer: "/host", position: { line, column: 1 } });
  return {
    code: "MS1207",
    severity: "error",
    file,
    ...place(second),
    message: `two lines have the host ${describeValue(name)}`,
    hint: "remove one of the two",
    related: [{ ...place(first), message: "the first one is here" }],
  };
}

/** The diagnostic for a file that is kept, because somebody else wrote or changed it. */
function keptFile(file: string, text: string): Diagnostic {
  const isOurs = isPage(text) || isIndex(text);
  return {
    code: "MS3004",
    severity: "error",
    file,
    pointer: "",
    message: isOurs
      ? "the page was edited since it was generated, so it is kept"
      : "the file was not generated by microvm-sweep, so it is kept",
    hint: "move what you need elsewhere, then pass --force",
  };
}

/** What `gen --all` did, by the names of hosts. */
interface Summary {
  readonly written: string[];
  readonly unchanged: string[];
  readonly removed: string[];
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

/** The pages of a fleet while `gen --all` prepares them. */
class Pages {
  readonly written = new Set<string>();
  readonly unchanged = new Set<string>();
  readonly removed: string[] = [];
  readonly moves = new Moves();
  readonly #run: Run;
  readonly #force: boolean;
  /** The file of each page that is there at the end, by host. */
  readonly #files = new Map<string, string>();
  /** The pages of hosts that left. */
  readonly #leftovers: string[] = [];
  readonly #isFirstRun: boolean;

  constructor(run: Run, force: boolean) {
    this.#run = run;
    this.#force = force;
    const { directory } = run;
    this.#isFirstRun = !directory.files().some((file) => file.endsWith(".nix"));
  }

  /** Prepares the page of a host. The program comes first: a page without it would not evaluate. */
  write({ name, host, file, current }: FleetPage): void {
    const { directory, settings, command, findings } = this.#run;
    const text = emitPage(sweepOf(name, host, settings), { command });
    if (current === text) {
      this.unchanged.add(name);
      this.#files.set(name, file);
      return;
    }
    if (current !== undefined && this.#isKept(current)) {
      findings.fail(name, [keptFile(directory.pathOf(file), current)]);
      return;
    }
    if (this.written.size === 0) this.#writeProgram();
    directory.stage(file, text);
    this.written.add(name);
    this.#files.set(name, file);
    // Where there was no page at all, no MicroVM can have left one.
    if (this.#isFirstRun) return;
    this.moves.change(name, vmsOfPage(current ?? ""), host, declaredNames(host).vms);
  }

  /** Drops the page of a host that the input has twice. */
  drop(name: string): void {
    this.written.delete(name);
    this.unchanged.delete(name);
    this.#files.delete(name);
    this.moves.forget(name);
    this.#run.directory.unstage(fileOfHost(name));
  }

  #isKept(text: string): boolean {
    return !this.#force && (!isPage(text) || isEdited(text));
  }

  #writeProgram(): void {
    const { directory } = this.#run;
    if (directory.read(PROGRAM_FILE) !== programText()) {
      directory.stage(PROGRAM_FILE, programText());
    }
  }

  /** Finds the pages of hosts that left, and those that stay although their host failed. */
  findLeftovers(): void {
    const { directory, findings } = this.#run;
    const current = new Set(this.#files.values());
    for (const file of directory.files()) {
      if (!file.endsWith(".nix") || file === INDEX_FILE || current.has(file)) continue;
      const host = hostOfFile(file);
      const text = this.#pageIn(file);
      if (text === undefined) continue;
      if (findings.isIncomplete || findings.hasFailed(host)) this.#files.set(host, file);
      else if (this.#isKept(text)) {
        findings.fail(host, [keptFile(directory.pathOf(file), text)]);
        this.#files.set(host, file);
      } else {
        this.#leftovers.push(file);
        this.removed.push(host);
        this.moves.leave(host, vmsOfPage(text));
      }
    }
  }

  /** The text of a file that is a page. */
  #pageIn(file: string): string | undefined {
    try {
      const text = this.#run.directory.read(file);
      return text !== undefined && isPage(text) ? text : undefined;
    } catch (error) {
      // A directory, or what cannot be read, is not of this program.
      if (error instanceof CliFailure) return undefined;
      throw error;
    }
  }

  /** Prepares the index, unless there is nothing to list. */
  writeIndex(): void {
    const { directory, command, findings } = this.#run;
    const current = directory.read(INDEX_FILE);
    if (this.#files.size === 0 && current === undefined) return;
    if (current !== undefined && !isIndex(current) && !this.#force) {
      findings.add([keptFile(directory.pathOf(INDEX_FILE), current)]);
      return;
    }
    if (this.written.size === 0) this.#writeProgram();
    const index = emitIndex([...this.#files].sort(byName), { command });
    if (current !== index) directory.stage(INDEX_FILE, index);
  }

  commit(): void {
    this.#run.directory.commit(this.#leftovers);
  }
}

/**
 * Runs `gen --all`: writes one page for each host, one program and the index. A host that fails keeps the
 * page it has.
 */
export async function genFleet(args: GenArguments, messages: Messages): Promise<number> {
  const run = await Run.start(args, checkGenArguments(args), messages);
  const { directory, findings } = run;
  const pages = new Pages(run, args.force === true);
  try {
    for await (const page of run.pages((name) => pages.drop(name))) pages.write(page);
    pages.findLeftovers();
    pages.writeIndex();
    const moved = pages.moves.list();
    const warnings = messages.judge(movedWarnings(moved, new Set(pages.removed)));
    findings.add(warnings);
    if (!warnings.some(({ severity }) => severity === "error")) pages.commit();
    const status = findings.report(run.input.file, messages);
    const summary = {
      written: [...pages.written],
      unchanged: [...pages.unchanged],
      removed: pages.removed,
      failed: findings.failed,
      moved,
    };
    if (args.json === true) await printResult(`${JSON.stringify(summary)}\n`);
    messages.note(summaryLine(summary));
    return status;
  } finally {
    directory.discard();
  }
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : Number(a > b);
}

const COMMAND_LINE = /^# {3}microvm-sweep gen .*$/m;

/** The command in the header of the index may be another, as in a page. */
function withCommandOf(current: string, index: string): string {
  const command = COMMAND_LINE.exec(current)?.[0];
  return command === undefined ? index : index.replace(COMMAND_LINE, () => command);
}

/** A file that is not what `gen --all` would write. */
interface StaleFile {
  readonly file: string;
  /** The host, or the file that belongs to all of them. */
  readonly name: string;
  readonly what: string;
  readonly current: string | undefined;
  readonly expected: string;
}

/** What is wrong with the page of a host. */
function stalePage({ current, name, host, file }: FleetPage, run: Run): StaleFile | undefined {
  const command = commandOf(current ?? "") ?? run.command;
  const expected = emitPage(sweepOf(name, host, run.settings), { command });
  if (current === expected) return undefined;
  const stale = { file, name, current, expected };
  if (current === undefined) return { ...stale, what: "has no page" };
  const isStale = isPage(current) && !isEdited(current);
  return { ...stale, what: isStale ? "is out of date" : "was edited" };
}

/** What is wrong with the files that belong to no host of the input. */
function* otherStaleFiles(run: Run, hosts: ReadonlyMap<string, string>): Generator<StaleFile> {
  const { directory, command } = run;
  const wanted = new Set([INDEX_FILE, ...hosts.values()]);
  for (const file of directory.files()) {
    if (!file.endsWith(".nix") || wanted.has(file)) continue;
    const current = directory.read(file) ?? "";
    const name = hostOfFile(file);
    if (isPage(current)) yield { file, name, what: "has left the fleet", current, expected: "" };
  }
  const index = directory.read(INDEX_FILE);
  const files = [
    { file: PROGRAM_FILE, current: directory.read(PROGRAM_FILE), expected: programText() },
    {
      file: INDEX_FILE,
      current: index,
      expected: withCommandOf(index ?? "", emitIndex([...hosts].sort(byName), { command })),
    },
  ];
  for (const one of files) {
    const what = one.current === undefined ? "does not exist" : "is out of date";
    if (one.current !== one.expected) yield { ...one, name: one.file, what };
  }
}

/**
 * Runs `check --all`: prints one line for each host whose page is not what `gen --all` would write, with
 * `--diff` and its difference. As for one page, the command in the header may be another.
 */
export async function checkFleet(
  args: CheckArguments,
  path: string,
  messages: Messages,
): Promise<number> {
  const run = await Run.start(args, path, messages);
  const hosts = new Map<string, string>();
  let stale = 0;
  const say = async (one: StaleFile) => {
    stale += 1;
    await printResult(`${visible(`${one.name}: ${one.what}`)}\n`);
    if (args.diff === true) {
      await printDiff({ ...one, file: run.directory.pathOf(one.file) }, messages);
    }
  };
  for await (const page of run.pages(() => {})) {
    hosts.set(page.name, page.file);
    const one = stalePage(page, run);
    if (one !== undefined) await say(one);
  }
  if (run.findings.failed.length === 0) {
    for (const one of otherStaleFiles(run, hosts)) await say(one);
  }
  const status = run.findings.report(run.input.file, messages);
  if (status !== EXIT.done || stale === 0) return status;
  messages.note(`to make them again, run: ${run.command}`);
  return EXIT.difference;
}
