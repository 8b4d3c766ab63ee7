import { compileHost, readUsage } from "../compile.ts";
import { type Diagnostic, isError } from "../diagnostics/diagnostic.ts";
import { Failure, fileFailure } from "../diagnostics/failure.ts";
import type { ByteStream } from "../json/bytes.ts";
import type { Settings } from "../policy/policy.ts";
import { secondLine } from "../usage/chooseHost.ts";
import { isGuest } from "../usage/declared.ts";
import type { Host } from "../usage/model.ts";
import type { ReadHost, UsageFormat } from "../usage/readHosts.ts";
import { type FleetDirectory, fileOfHost } from "./directory.ts";
import { Findings, type Judge } from "./findings.ts";

/** The longest name of a file on the file systems of Linux. */
const LONGEST_FILE_NAME = 255;

interface NamedHost {
  readonly name: string;
  readonly host: Host;
}

/** A host of the input that has a page. */
export interface FleetPage extends NamedHost {
  /** The text that is there. */
  readonly current: string | undefined;
  /** The text that should be there. */
  readonly page: string;
}

/** Where the hosts and the pages of a fleet are, and the policy of all of them. */
export interface FleetSettings {
  readonly directory: FleetDirectory;
  readonly settings: Settings;
  readonly input: {
    readonly file: string;
    readonly format: UsageFormat;
    readonly stream: ByteStream;
    /** Whether it was evaluated in this run, all hosts at once. */
    readonly isEvaluated: boolean;
  };
  /** The command that makes all pages, as a line for a shell. */
  readonly command: string;
  readonly judge: Judge;
}

/** What to do while the pages of a fleet are read. */
export interface FleetReader {
  /** Counts a host that was read. */
  readonly count: () => void;
  /** Takes back a host that comes for the second time: neither of the two is right. */
  readonly again: (name: string) => void;
  /** The command that a page names, given the text that is there. */
  readonly commandOf: (current: string | undefined) => string | undefined;
}

/** All hosts of an input, and what is wrong with them. */
export class Fleet {
  readonly options: FleetSettings;
  readonly findings = new Findings();
  /** The number of the line of each host that was read. */
  readonly lines = new Map<string, number>();

  constructor(options: FleetSettings) {
    this.options = options;
  }

  /** Reads the hosts, one in memory at a time, and compiles each; notes what is wrong, and skips guests. */
  async *pages({ count, again, commandOf }: FleetReader): AsyncGenerator<FleetPage> {
    const { input } = this.options;
    for await (const read of readUsage(input.stream, input)) {
      count();
      const accepted = this.#accept(read, again);
      if (accepted === undefined || isGuest(accepted.host)) continue;
      const page = this.#compile(accepted, commandOf);
      if (page !== undefined) yield page;
    }
  }

  /** The host with its page, unless its policy or the file of the page has an error. */
  #compile({ name, host }: NamedHost, commandOf: FleetReader["commandOf"]): FleetPage | undefined {
    const { directory, settings, command } = this.options;
    const file = fileOfHost(name);
    try {
      if (file.length > LONGEST_FILE_NAME) throw tooLong(directory.pathOf(file));
      const current = directory.read(file);
      const compiled = compileHost(name, host, settings, commandOf(current) ?? command);
      if (!this.#judge(name, compiled.diagnostics) || compiled.page === undefined) return undefined;
      return { name, host, current, page: compiled.page };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.findings.fail(name, error.diagnostics);
      return undefined;
    }
  }

  /** Notes what the policy comes to on a host. Returns whether it has no error. */
  #judge(name: string, policy: readonly Diagnostic[]): boolean {
    const { findings } = this;
    const judged = this.options.judge(policy);
    const errors = judged.filter(isError);
    for (const one of judged) if (one.severity === "warning") findings.warn(name, one);
    if (errors.length === 0) return true;
    const named = errors.map((one) => ({ ...one, message: `${name}: ${one.message}` }));
    findings.fail(name, named);
    return false;
  }

  /** The host that was read, where it has no error and is the only one of its name so far. */
  #accept(
    { name, host, line, diagnostics, isEvaluationError }: ReadHost,
    again: (name: string) => void,
  ): NamedHost | undefined {
    const { findings, lines } = this;
    if (isEvaluationError === true) findings.failEvaluation();
    if (name === undefined) {
      findings.isIncomplete = true;
      findings.fail(`line ${line}`, diagnostics);
      return undefined;
    }
    const first = lines.get(name);
    if (first !== undefined) {
      findings.fail(name, [...diagnostics, secondLine(name, this.options.input.file, first, line)]);
      again(name);
      return undefined;
    }
    lines.set(name, line);
    if (host !== undefined) return { name, host };
    findings.fail(name, diagnostics);
    return undefined;
  }
}

function tooLong(path: string): Failure {
  return fileFailure("MS3003", path, Object.assign(new Error(), { code: "ENAMETOOLONG" }));
}
