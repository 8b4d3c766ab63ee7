import { mkdir, readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
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
import { argumentFailure, EXIT, fileFailure, systemCode } from "../failure.ts";
import { type FleetInput, openFleet, readSettings, sweepOf } from "../input.ts";
import type { Messages } from "../messages.ts";
import { type CompileArguments, fleetCommand } from "../options.ts";
import { printResult, writeOutput } from "../output.ts";
import type { GenArguments } from "./gen.ts";

const INDEX_FILE = "default.nix";

/** How many pages are written at the same time. */
const MOST_PENDING = 32;

/** From how many hosts on one `nix eval` takes too much memory. */
const MANY_HOSTS = 20;

/** The file of the page of a host. What a path of Nix cannot hold, or what has a meaning, is encoded. */
function fileOfHost(host: string): string {
  const encoded = encodeURIComponent(host.toWellFormed()).replace(/^\.|[!'()*~]/g, percent);
  if (host === "") return "%.nix";
  return `${host === "default" ? encoded.replace(/^d/, percent) : encoded}.nix`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

function hostOfFile(file: string): string {
  try {
    return file === "%.nix" ? "" : decodeURIComponent(file.slice(0, -".nix".length));
  } catch {
    return file.slice(0, -".nix".length);
  }
}

/** A MicroVM that one change takes from a host and gives to another. */
interface Move {
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly kind: "config" | "flake";
  readonly updateFlake: string | null;
}

type Arrival = Pick<Move, "to" | "kind" | "updateFlake">;

/** Collects which MicroVMs leave and enter pages. */
class Moves {
  private readonly gone = new Map<string, string[]>();
  private readonly arrived = new Map<string, Arrival[]>();

  leave(host: string, vms: Iterable<string>): void {
    for (const vm of vms) this.gone.set(vm, [...(this.gone.get(vm) ?? []), host]);
  }

  change(name: string, before: readonly string[], { vms }: Host, after: readonly string[]): void {
    const [old, now] = [new Set(before), new Set(after)];
    this.leave(
      name,
      before.filter((vm) => !now.has(vm)),
    );
    for (const vm of after) {
      const declared = vms[vm];
      if (old.has(vm) || declared === undefined) continue;
      const { kind, updateFlake } = declared;
      const all = this.arrived.get(vm) ?? [];
      this.arrived.set(vm, [...all, { to: name, kind, updateFlake }]);
    }
  }

  list(): readonly Move[] {
    return [...this.gone].sort().flatMap(([vm, hosts]) => {
      const arrivals = this.arrived.get(vm) ?? [];
      return hosts.flatMap((from) => arrivals.map((arrival) => ({ vm, from, ...arrival })));
    });
  }
}

function movedWarning({ vm, from, to, kind, updateFlake }: Move): Diagnostic {
  const source = updateFlake === null ? "" : `, updateFlake ${updateFlake}`;
  return {
    code: "MS1209",
    severity: "warning",
    pointer: "",
    message: `the MicroVM ${vm} moves from ${from} to ${to}: ${from} will stop it, and its state stays there`,
    hint: `copy its state before ${to} starts it (kind ${kind}${source})`,
  };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw fileFailure("MS3002", file, error);
  }
}

async function nixFilesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error) => {
    if (systemCode(error) === "ENOENT") return [];
    throw fileFailure("MS3003", directory, error);
  });
  return names.filter((name) => name.endsWith(".nix") && name !== INDEX_FILE).sort();
}

/** A host of the input that has a page, and the page that is there. */
interface FleetPage {
  readonly name: string;
  readonly host: Host;
  readonly file: string;
  readonly current: string | undefined;
}

/** What a run over all hosts has found wrong. */
class Findings {
  readonly diagnostics: Diagnostic[] = [];
  readonly failed: string[] = [];
  /** Whether a host of the input could not be read: nobody knows which hosts have left. */
  isIncomplete = false;
  isEvaluationError = false;
  private dropped = 0;

  add(diagnostics: readonly Diagnostic[]): void {
    const room = LIMITS.faults - this.diagnostics.length;
    this.diagnostics.push(...diagnostics.slice(0, room));
    this.dropped += Math.max(0, diagnostics.length - room);
  }

  fail(name: string): void {
    this.failed.push(name);
  }

  /** Notes a host that has no usable data. */
  miss(name: string): void {
    this.isIncomplete = true;
    this.fail(name);
  }

  report(file: string, messages: Messages): number {
    const judged = messages.judge(sortAndLimit(this.diagnostics, file));
    messages.report(judged);
    if (this.isEvaluationError) return EXIT.command;
    const hasError =
      this.failed.length > 0 ||
      this.dropped > 0 ||
      messages.judge(this.diagnostics).some(({ severity }) => severity === "error");
    return hasError ? EXIT.input : EXIT.done;
  }
}

/** A command line for all hosts, its settings read and checked. */
interface Run {
  readonly args: CompileArguments;
  readonly directory: string;
  readonly messages: Messages;
  readonly settings: Settings;
  readonly findings: Findings;
  readonly file: string;
  /** The hosts that are read, from the first on, one in memory at a time. */
  readonly pages: AsyncIterable<FleetPage>;
}

async function start(args: CompileArguments, directory: string, messages: Messages): Promise<Run> {
  if (args.format === "script") throw argumentFailure("--all goes with --format module");
  if (args.host !== undefined) throw argumentFailure("--all and --host exclude each other");
  if (args.systemctl !== undefined) throw argumentFailure("--systemctl goes with --format script");
  const { settings, diagnostics } = await readSettings(args);
  messages.requireNoErrors([...diagnostics, ...checkPolicy(settings)]);
  const input = await openFleet(args, messages);
  const findings = new Findings();
  const run = { args, directory, messages, settings, findings, file: input.file };
  return { ...run, pages: readPages(run, input) };
}

/** Reads the hosts of the input, notes what is wrong with each, and skips guests. */
async function* readPages(
  { args, directory, messages, settings, findings }: Omit<Run, "pages">,
  input: FleetInput,
): AsyncGenerator<FleetPage> {
  const seen = new Map<string, number>();
  const request = { file: input.file, format: input.format, version: release() };
  for await (const read of readable(readFleet(input.stream, request), input.file)) {
    const page = acceptHost(read, seen, findings, input.file);
    if (page === undefined || page.host.role === "guest") continue;
    const { name, host } = page;
    const policy = checkPolicy(settings, host);
    findings.add(policy.map((one) => ({ ...one, message: `${name}: ${one.message}` })));
    if (policy.some(({ severity }) => severity === "error")) {
      findings.miss(name);
      continue;
    }
    const file = join(directory, fileOfHost(name));
    yield { name, host, file, current: await readIfThere(file) };
  }
  if (args.flake !== undefined && seen.size >= MANY_HOSTS) messages.note(manyHosts(seen.size));
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

/** The host that was read, where it has no error and is the first of its name. */
function acceptHost(
  { name, host, line, diagnostics, isEvaluationError = false }: FleetHost,
  seen: Map<string, number>,
  findings: Findings,
  file: string,
): Pick<FleetPage, "name" | "host"> | undefined {
  findings.add(diagnostics);
  if (isEvaluationError) findings.isEvaluationError = true;
  const first = name === undefined ? undefined : seen.get(name);
  if (name !== undefined && first !== undefined) findings.add([twice(name, file, first, line)]);
  if (name !== undefined) seen.set(name, first ?? line);
  if (name !== undefined && host !== undefined && first === undefined) return { name, host };
  findings.miss(name ?? `line ${line}`);
  return undefined;
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

/** The directory of a fleet while `gen --all` writes it. */
class FleetDirectory {
  readonly written: string[] = [];
  readonly unchanged: string[] = [];
  readonly removed: string[] = [];
  readonly moves = new Moves();
  /** The file of each page that is there at the end, by host. */
  private readonly files = new Map<string, string>();
  private readonly wanted = new Set<string>();
  private readonly pending = new Set<Promise<void>>();
  private readonly failures: unknown[] = [];

  constructor(
    private readonly run: Run,
    private readonly before: readonly string[],
    private readonly command: string,
    private readonly force: boolean,
  ) {}

  /** Makes the directory and the program in it. Without a page, nothing is made. */
  private async prepare(): Promise<void> {
    const { directory } = this.run;
    await mkdir(directory, { recursive: true }).catch((error) => {
      throw fileFailure("MS3003", directory, error);
    });
    await writeOutput(join(directory, PROGRAM_FILE), programText());
  }

  async write({ name, host, file, current }: FleetPage): Promise<void> {
    if (this.wanted.size === 0) await this.prepare();
    this.wanted.add(fileOfHost(name));
    this.files.set(name, fileOfHost(name));
    const { settings, findings } = this.run;
    const text = emitPage(sweepOf(name, host, settings), { command: this.command });
    if (current === text) {
      this.unchanged.push(name);
      return;
    }
    if (current !== undefined && this.isKept(current)) {
      findings.add([keptFile(file, current)]);
      findings.fail(name);
      return;
    }
    await this.enqueue(file, text);
    this.written.push(name);
    // Where there was no page at all, no MicroVM can have left one.
    if (this.before.length === 0) return;
    this.moves.change(name, vmsOfPage(current ?? ""), host, declaredNames(host).vms);
  }

  /** Starts to write a page: most of the time goes by until the disk has it, so some are under way. */
  private async enqueue(file: string, text: string): Promise<void> {
    const writing: Promise<void> = writeOutput(file, text)
      .then(
        () => {},
        (error) => this.failures.push(error),
      )
      .then(() => void this.pending.delete(writing));
    this.pending.add(writing);
    if (this.pending.size >= MOST_PENDING) await Promise.race(this.pending);
    if (this.failures.length > 0) await this.settle();
  }

  /** Waits until every page is written. */
  private async settle(): Promise<void> {
    await Promise.all(this.pending);
    if (this.failures.length > 0) throw this.failures[0];
  }

  private isKept(text: string): boolean {
    return !this.force && (!isPage(text) || isEdited(text));
  }

  /** Removes the pages of hosts that left, and only where every host of the input was read. */
  async removeLeft(): Promise<void> {
    await this.settle();
    const { directory, findings } = this.run;
    for (const file of this.before.filter((name) => !this.wanted.has(name))) {
      const path = join(directory, file);
      const text = (await readIfThere(path)) ?? "";
      if (!isPage(text)) continue;
      if (findings.isIncomplete || this.isKept(text)) {
        if (!findings.isIncomplete) findings.add([keptFile(path, text)]);
        this.files.set(hostOfFile(file), file);
        continue;
      }
      await unlink(path).catch((error) => {
        throw fileFailure("MS3003", path, error);
      });
      this.moves.leave(hostOfFile(file), vmsOfPage(text));
      this.removed.push(hostOfFile(file));
    }
  }

  async writeIndex(): Promise<void> {
    if (this.files.size + this.removed.length === 0) return;
    const path = join(this.run.directory, INDEX_FILE);
    const current = await readIfThere(path);
    if (current !== undefined && !isIndex(current) && !this.force) {
      this.run.findings.add([keptFile(path, current)]);
      return;
    }
    await writeOutput(path, emitIndex([...this.files].sort(byName), { command: this.command }));
  }
}

/**
 * Runs `gen --all`: writes one page for each host, one program and the index. A host that fails keeps the
 * page it has.
 */
export async function genFleet(args: GenArguments, messages: Messages): Promise<number> {
  const directory = checkGenArguments(args);
  const before = await nixFilesIn(directory);
  const run = await start(args, directory, messages);
  const command = shellCommand(fleetCommand(args, directory));
  const fleet = new FleetDirectory(run, before, command, args.force === true);
  for await (const page of run.pages) await fleet.write(page);
  await fleet.removeLeft();
  await fleet.writeIndex();
  const moved = fleet.moves.list();
  run.findings.add(moved.map(movedWarning));
  const status = run.findings.report(run.file, messages);
  const { written, unchanged, removed } = fleet;
  const summary = { written, unchanged, removed, failed: run.findings.failed, moved };
  if (args.json === true) await printResult(`${JSON.stringify(summary)}\n`);
  messages.note(summaryLine(summary));
  return status;
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : Number(a > b);
}

const COMMAND_LINE = /^# {3}microvm-sweep gen .*$/m;

function withoutCommand(text: string): string {
  return text.replace(COMMAND_LINE, "");
}

/** What is wrong with the page of a host. */
function staleness({ current, name, host }: FleetPage, settings: Settings, ours: string) {
  if (current === undefined) return "has no page";
  const command = commandOf(current) ?? ours;
  if (current === emitPage(sweepOf(name, host, settings), { command })) return undefined;
  return isPage(current) && !isEdited(current) ? "is out of date" : "was edited";
}

/** What is wrong with the files that belong to no host of the input. */
async function* otherStaleFiles(
  directory: string,
  present: readonly string[],
  hosts: ReadonlyMap<string, string>,
  command: string,
): AsyncGenerator<string> {
  const wanted = new Set(hosts.values());
  for (const file of present.filter((name) => !wanted.has(name))) {
    const text = (await readIfThere(join(directory, file))) ?? "";
    if (isPage(text)) yield `${hostOfFile(file)}: has left the fleet`;
  }
  const program = await readIfThere(join(directory, PROGRAM_FILE));
  if (program !== programText()) yield `${PROGRAM_FILE}: is out of date`;
  const index = emitIndex([...hosts].sort(byName), { command });
  const current = (await readIfThere(join(directory, INDEX_FILE))) ?? "";
  if (withoutCommand(current) !== withoutCommand(index)) yield `${INDEX_FILE}: is out of date`;
}

/**
 * Runs `check --all`: prints one line for each host whose page is not what `gen --all` would write. As for
 * one page, the command in the header may be another.
 */
export async function checkFleet(
  args: CompileArguments,
  directory: string,
  messages: Messages,
): Promise<number> {
  const present = await nixFilesIn(directory);
  const { findings, settings, pages, file } = await start(args, directory, messages);
  const ours = shellCommand(fleetCommand(args, directory));
  const hosts = new Map<string, string>();
  let stale = 0;
  const say = async (line: string) => {
    stale += 1;
    await printResult(`${visible(line)}\n`);
  };
  for await (const page of pages) {
    hosts.set(page.name, fileOfHost(page.name));
    const what = staleness(page, settings, ours);
    if (what !== undefined) await say(`${page.name}: ${what}`);
  }
  if (!findings.isIncomplete) {
    for await (const line of otherStaleFiles(directory, present, hosts, ours)) await say(line);
  }
  const status = findings.report(file, messages);
  if (status !== EXIT.done || stale === 0) return status;
  messages.note(`to make them again, run: ${ours}`);
  return EXIT.difference;
}
