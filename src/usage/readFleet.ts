import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { describeValue } from "../diagnostics/wording.ts";
import { type ByteStream, type Line, readWhole, splitLines } from "../json/bytes.ts";
import { type Fault, LIMITS, pointer } from "../json/fault.ts";
import { parseQuickly } from "../json/parse.ts";
import { locateFaults, readText, syntaxDiagnostic } from "../json/readText.ts";
import { lineFaults, newerVersionFault } from "./checkDocument.ts";
import type { Host, HostLine } from "./model.ts";
import {
  documentOnManyLines,
  emptyInput,
  hasKeyTwice,
  isEmpty,
  type ReadLine,
  readLine,
} from "./readJsonLines.ts";
import { checkWhole, tooLarge } from "./readUsage.ts";

/** How the hosts of a fleet are written: as a usage document, or one a line. */
export type FleetFormat = "json" | "json-lines" | "nix-eval-jobs";

/** The hosts to read. */
export interface FleetRequest {
  /** Name of the input as the user gave it, for messages. */
  readonly file: string;
  readonly format: FleetFormat;
  /** The release of microvm-sweep that reads, for the message about a newer document. */
  readonly version: string;
}

/** One host of a fleet. `host` is missing where its diagnostics have an error. */
export interface FleetHost {
  /** Missing where it could not be read. */
  readonly name?: string;
  readonly host?: Host;
  /** Number of the line of the host, 1 for a document. */
  readonly line: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether Nix could not evaluate the host: the input is right, and the host is not. */
  readonly isEvaluationError?: boolean;
}

/** Reads the hosts of a fleet one after the other, and keeps one line of JSON Lines in memory. */
export async function* readFleet(
  stream: ByteStream,
  request: FleetRequest,
): AsyncGenerator<FleetHost> {
  if (request.format === "json") yield* readHosts(stream, request);
  else yield* readLines(stream, request);
}

async function* readLines(stream: ByteStream, request: FleetRequest): AsyncGenerator<FleetHost> {
  const { file, format, version } = request;
  let read = 0;
  let first: readonly Diagnostic[] = [];
  for await (const line of splitLines(stream)) {
    if (isEmpty(line)) continue;
    const document = read === 1 ? documentOnManyLines(first, line, file) : undefined;
    if (document !== undefined) {
      yield { line: 1, diagnostics: [document] };
      return;
    }
    read += 1;
    const result =
      format === "nix-eval-jobs"
        ? readJob(line, request)
        : readLine(line, { file, version, format: "json-lines" });
    if (read === 1) first = result.diagnostics;
    yield withoutName(result, line.number);
    // One document on one line. Any other fault of a line is of that line alone.
    if (read === 1 && result.diagnostics.some(({ code }) => code === "MS1010")) return;
  }
  if (read === 0) yield { line: 1, diagnostics: emptyInput(file) };
}

interface ReadJob extends ReadLine {
  readonly isEvaluationError?: boolean;
}

function withoutName({ line, isLast: _last, ...rest }: ReadJob, number: number): FleetHost {
  const diagnostics = namingHost(rest);
  if (line === undefined) return { ...rest, diagnostics, line: number };
  const { schemaVersion: _version, host: _name, ...host } = line;
  return { ...rest, diagnostics, line: number, host };
}

/** Puts the host in front of each message: who reads a pipe has no lines to look up. */
function namingHost({ name, diagnostics, isEvaluationError }: ReadJob): readonly Diagnostic[] {
  if (name === undefined || isEvaluationError === true) return diagnostics;
  return diagnostics.map((one) => ({ ...one, message: `${describeValue(name)}: ${one.message}` }));
}

const COMMAND_HINT = "run the command that microvm-sweep expr --for nix-eval-jobs prints";

/** Reads one line of nix-eval-jobs: `attrPath`, and `extraValue` or `error`. */
function readJob(line: Line, { file, version }: FleetRequest): ReadJob {
  const { number: firstLine, firstByte, bytes } = line;
  if (bytes === undefined) return { diagnostics: [{ ...tooLarge(file), position: at(firstLine) }] };
  const quick = quickJob(bytes, version);
  if (quick !== undefined) return { name: quick.host, line: quick, diagnostics: [] };
  const origin = { file, firstLine, firstByte, kind: "usage" } as const;
  const { text, parsed, diagnostics } = readText(bytes, origin);
  if (text === undefined || parsed === undefined) return { diagnostics };
  const { value, syntaxError } = parsed;
  if (syntaxError !== undefined) {
    return { diagnostics: [...diagnostics, syntaxDiagnostic(syntaxError, text, origin)] };
  }
  const { attrPath, extraValue, error } = Object(value);
  const name: unknown = Array.isArray(attrPath) ? attrPath[0] : undefined;
  const named = typeof name === "string" && !hasKeyTwice(parsed, "/attrPath") ? { name } : {};
  if (typeof error === "string") {
    const message = `nix-eval-jobs could not evaluate ${named.name === undefined ? "a host" : describeValue(name)}: ${reasonOf(error)}`;
    const failure = { code: "MS3103", severity: "error", file, pointer: "/error" } as const;
    const all = [...diagnostics, { ...failure, position: at(firstLine), message }];
    return { ...named, diagnostics: all, isEvaluationError: true };
  }
  const all = [
    ...diagnostics,
    ...locateFaults([...parsed.faults, ...jobFaults(name, extraValue, version)], text, origin),
  ];
  if (named.name === undefined || all.some(({ severity }) => severity === "error")) {
    return { ...named, diagnostics: all };
  }
  return { ...named, line: jobLine(named.name, extraValue), diagnostics: all };
}

/** The host of a line that has nothing to report. */
function quickJob(bytes: Uint8Array, version: string): HostLine | undefined {
  const { attrPath, extraValue, error } = Object(parseQuickly(bytes));
  const name: unknown = Array.isArray(attrPath) ? attrPath[0] : undefined;
  if (typeof name !== "string" || typeof error === "string") return undefined;
  return jobFaults(name, extraValue, version).length === 0 ? jobLine(name, extraValue) : undefined;
}

function jobLine(host: string, extraValue: object): HostLine {
  return { schemaVersion: 1, ...extraValue, host } as HostLine;
}

function jobFaults(name: unknown, extraValue: unknown, version: string): readonly Fault[] {
  const missing = { code: "MS1103", pointer: "", at: "value", hint: COMMAND_HINT } as const;
  if (typeof name !== "string") {
    return [{ ...missing, message: 'the key "attrPath" with the name of a host is missing' }];
  }
  if (typeof extraValue !== "object" || extraValue === null) {
    return [{ ...missing, message: 'the key "extraValue" with the usage of a host is missing' }];
  }
  const newer = newerVersionFault(extraValue, version);
  const faults = newer === undefined ? lineFaults(jobLine(name, extraValue), undefined) : [newer];
  return faults.map((fault) => ({ ...fault, pointer: `/extraValue${fault.pointer}` }));
}

/** The last thing that Nix reports is the reason; what is above it is the way there. */
function reasonOf(error: string): string {
  const plain = error.replaceAll(/\u001b\[[0-9;]*m/g, "");
  const last = plain.slice(Math.max(0, plain.lastIndexOf("error: "))).replace(/^error: /, "");
  return last.replaceAll(/\s+/g, " ").trim();
}

function at(line: number) {
  return { line, column: 1 };
}

/** Reads the hosts of one document. Where it is wrong outside of its hosts there are none. */
async function* readHosts(stream: ByteStream, request: FleetRequest): AsyncGenerator<FleetHost> {
  const { file, version } = request;
  const bytes = await readWhole(stream);
  const whole =
    bytes === undefined
      ? { document: undefined, diagnostics: [tooLarge(file)] }
      : checkWhole(bytes, { file, version, format: "json" });
  if (whole.document === undefined) {
    yield { line: 1, diagnostics: whole.diagnostics };
    return;
  }
  const { document, diagnostics } = whole;
  const owners = new Map<string, Diagnostic[]>();
  const general: Diagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const key = /^\/hosts\/[^/]*/.exec(diagnostic.pointer)?.[0];
    const owned = key === undefined ? general : (owners.get(key) ?? []);
    owned.push(diagnostic);
    if (key !== undefined) owners.set(key, owned);
  }
  // Where the limit is reached nobody has looked at the hosts after it.
  if (general.length > 0 || diagnostics.length >= LIMITS.faults) {
    yield { line: 1, diagnostics };
    return;
  }
  const hosts = Object.entries(document.hosts);
  if (hosts.length === 0) {
    const message = "the document has no host";
    yield {
      line: 1,
      diagnostics: [{ code: "MS1202", severity: "error", file, pointer: "/hosts", message }],
    };
  }
  for (const [name, host] of hosts) {
    const own = owners.get(`/hosts${pointer([name])}`) ?? [];
    const failed = own.some(({ severity }) => severity === "error");
    yield { name, line: 1, diagnostics: own, ...(failed ? {} : { host }) };
  }
}
