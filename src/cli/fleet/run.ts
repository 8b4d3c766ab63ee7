import { release } from "../../page/program.ts";
import { checkPolicy } from "../../policy/checkPolicy.ts";
import type { Settings } from "../../policy/policy.ts";
import { secondLine } from "../../usage/chooseHost.ts";
import { isGuest } from "../../usage/declared.ts";
import type { Host } from "../../usage/model.ts";
import { type ReadHost, readHosts } from "../../usage/readHosts.ts";
import { argumentFailure, CliFailure, fileFailure } from "../failure.ts";
import { openInput, readSettings, type UsageInput } from "../input.ts";
import type { Messages } from "../messages.ts";
import { type CompileArguments, fleetCommand } from "../options.ts";
import { FleetDirectory, fileOfHost, INDEX_FILE } from "./directory.ts";
import { Findings } from "./findings.ts";

/** From how many hosts on one `nix eval` takes too much memory. */
const MANY_HOSTS = 20;

/** The longest name of a file on the file systems of Linux. */
const LONGEST_FILE_NAME = 255;

/** A host of the input that has a page. */
export interface FleetPage {
  readonly name: string;
  readonly host: Host;
  /** The text that is there. */
  readonly current: string | undefined;
}

/** A command line for all hosts, its settings read and checked. */
export class FleetRun {
  readonly args: CompileArguments;
  readonly messages: Messages;
  readonly directory: FleetDirectory;
  readonly settings: Settings;
  readonly findings = new Findings();
  /** The command that makes all pages, as a line for a shell. */
  readonly command: string;
  /** The number of the line of each host that was read. */
  readonly lines = new Map<string, number>();
  readonly input: UsageInput;

  constructor(
    args: CompileArguments,
    messages: Messages,
    directory: FleetDirectory,
    settings: Settings,
    input: UsageInput,
  ) {
    this.args = args;
    this.messages = messages;
    this.directory = directory;
    this.settings = settings;
    this.input = input;
    this.command = fleetCommand(args, directory.path);
  }

  /** Checks the arguments and opens the input. @throws CliFailure, Interruption */
  static async start(args: CompileArguments, path: string, messages: Messages): Promise<FleetRun> {
    // One host is garbage before the next: a larger space for young objects takes memory and saves no time.
    // The old space may grow by a third before the next collection, which takes some milliseconds.
    const { setFlagsFromString } = process.getBuiltinModule("node:v8");
    setFlagsFromString("--semi-space-growth-factor=1");
    setFlagsFromString("--heap-growing-percent=33");
    if (args.host !== undefined) throw argumentFailure("--all and --host exclude each other");
    const { settings, diagnostics } = await readSettings(args);
    messages.requireNoErrors([...diagnostics, ...checkPolicy(settings)]);
    if (path === "-") throw argumentFailure("--all writes files: it takes a directory, not -");
    const directory = new FleetDirectory(path);
    return new FleetRun(
      args,
      messages,
      directory,
      settings,
      await openInput(args, directory.pathOf(INDEX_FILE), messages),
    );
  }

  /**
   * Reads the hosts of the input, one in memory at a time; notes what is wrong with each, and skips guests.
   *
   * @param again what to do with a host that comes for the second time: neither of the two is right
   */
  async *pages(again: (name: string) => void): AsyncGenerator<FleetPage> {
    const { args, input, lines, messages } = this;
    const request = { file: input.file, format: input.format, release: release() };
    const progress = messages.count("hosts");
    try {
      for await (const read of readHosts(input.stream, request)) {
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
    if (isGuest(host) || !this.#allows(name, host)) return undefined;
    const file = fileOfHost(name);
    try {
      if (file.length > LONGEST_FILE_NAME) throw tooLong(this.directory.pathOf(file));
      return { name, host, current: this.directory.read(file) };
    } catch (error) {
      if (!(error instanceof CliFailure)) throw error;
      this.findings.fail(name, error.diagnostics);
      return undefined;
    }
  }

  /** The host that was read, where it has no error and is the only one of its name so far. */
  #accept(
    { name, host, line, diagnostics, isEvaluationError }: ReadHost,
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
      findings.fail(name, [...diagnostics, secondLine(name, input.file, first, line)]);
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

function tooLong(path: string): CliFailure {
  return fileFailure("MS3003", path, Object.assign(new Error(), { code: "ENAMETOOLONG" }));
}

function manyHosts(count: number): string {
  return `${count} hosts in one nix eval take much memory; see: microvm-sweep expr --for nix-eval-jobs`;
}
