import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { type Diagnostic, isError } from "../diagnostics/diagnostic.ts";
import { describeValue } from "../diagnostics/wording.ts";
import { type ByteStream, type Line, readWhole, splitLines } from "../json/bytes.ts";
import { type Fault, LIMITS, pointer, recordAt } from "../json/fault.ts";
import { JsonText, type TextOrigin } from "../json/text.ts";
import { documentFaults, hostFaults, lineFaults } from "./check.ts";
import type { Host, HostLine } from "./model.ts";

/** How hosts are written: as a usage document, or one a line, plain or as nix-eval-jobs prints it. */
export type UsageFormat = "json" | "json-lines" | "nix-eval-jobs";

/** The usage to read. */
export interface UsageSource {
  /** Name of the input as the user gave it, for messages. */
  readonly file: string;
  readonly format: UsageFormat;
  /** The release of microvm-sweep that reads, for the message about a newer document. */
  readonly release: string;
  /** Whether nix has just printed it: messages then have no place in the text. */
  readonly isEvaluated?: boolean | undefined;
}

/** One host of an input. `host` is missing where its diagnostics have an error. */
export interface ReadHost {
  /** Missing where it could not be read, and where the diagnostics are about the input as a whole. */
  readonly name?: string;
  readonly host?: Host;
  /** Number of the line of the host, 1 for a document. */
  readonly line: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether Nix could not evaluate the host: the input is right, and the host is not. */
  readonly isEvaluationError?: boolean;
  /** JSON Pointer of the host in its text. */
  readonly at: string;
  /** Gives faults of the text that the host is in their places. */
  readonly locate: Locate;
}

type Locate = (faults: readonly Fault[]) => readonly Diagnostic[];

/**
 * Reads the hosts of a usage one after the other. Of JSON Lines it keeps one in memory.
 *
 * Throws only what the stream throws.
 */
export function readHosts(stream: ByteStream, source: UsageSource): AsyncGenerator<ReadHost> {
  return source.format === "json" ? readDocument(stream, source) : readLines(stream, source);
}

function originOf({ file, isEvaluated }: UsageSource, firstLine: number): TextOrigin {
  return { file, firstLine, kind: "usage", isEvaluated };
}

/** Reports something about an input as a whole. */
function ofInput(diagnostics: readonly Diagnostic[], line = 1): ReadHost {
  return { line, diagnostics, at: "", locate: () => [] };
}

/** Whether a document or a line has a newer format. Nothing else is known of it then. */
function isNewer({ code }: Diagnostic): boolean {
  return code === "MS1101";
}

/** Reads the hosts of one document. Where it is wrong outside of its hosts, they only say what is wrong. */
async function* readDocument(stream: ByteStream, source: UsageSource): AsyncGenerator<ReadHost> {
  const bytes = await readWhole(stream);
  if (bytes === undefined) {
    yield ofInput([
      tooLarge(source.file, 1, "write it as JSON Lines, which are read host by host"),
    ]);
    return;
  }
  const text = new JsonText(bytes, originOf(source, 1));
  const locate: Locate = (faults) => text.locate(faults);
  const diagnostics = documentDiagnostics(text, source.release);
  if (diagnostics.length > 0) yield ofInput(diagnostics);
  if (diagnostics.some(isNewer)) return;
  for (const [name, host] of Object.entries(recordAt(text.value, "hosts"))) {
    const at = pointer(["hosts", name]);
    const found = locate(hostFaults(name, host, at));
    const read = { name, line: 1, diagnostics: found, at, locate };
    if (diagnostics.length === 0 && !found.some(isError)) yield { ...read, host: host as Host };
    else if (found.length > 0) yield read;
  }
}

function documentDiagnostics(text: JsonText, release: string): readonly Diagnostic[] {
  if (text.hasKey("host") && !text.hasKey("hosts")) return text.locate([JSON_LINES]);
  if (text.diagnostics.length > 0) return text.diagnostics;
  const faults = documentFaults(text.value, release);
  const isEmpty = faults.length === 0 && Object.keys(recordAt(text.value, "hosts")).length === 0;
  return text.locate(isEmpty ? [NO_HOST] : faults);
}

/** Reads hosts that stand one a line. */
async function* readLines(stream: ByteStream, source: UsageSource): AsyncGenerator<ReadHost> {
  const read = source.format === "json-lines" ? readLine : readJob;
  const lines = filledLines(stream);
  try {
    const first = await lines.next();
    if (first.done === true) {
      yield ofInput(new JsonText(new Uint8Array(), originOf(source, 1)).diagnostics);
      return;
    }
    const host = read(first.value, source);
    // The first line of a document on many lines is cut off, and its second starts no object.
    const second = hasCode(host, "MS1003") ? await lines.next() : undefined;
    const isDocument = second?.done === false && !startsObject(second.value);
    yield isDocument ? ofInput([{ ...DOCUMENT, file: source.file, position: AT_START }]) : host;
    if (isDocument || hasCode(host, "MS1010")) return;
    if (second?.done === false) yield read(second.value, source);
    for await (const line of lines) yield read(line, source);
  } finally {
    await lines.return(undefined);
  }
}

const AT_START = { line: 1, column: 1 } as const;

/** Empty lines mean nothing. */
async function* filledLines(stream: ByteStream): AsyncGenerator<Line> {
  for await (const line of splitLines(stream)) {
    const isEmpty = line.bytes?.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
    if (isEmpty !== true) yield line;
  }
}

function hasCode({ diagnostics }: ReadHost, code: DiagnosticCode): boolean {
  return diagnostics.some((one) => one.code === code);
}

function startsObject({ bytes = new Uint8Array() }: Line): boolean {
  return /^\s*\{/.test(Buffer.from(bytes.subarray(0, 1024)).toString());
}

/** Reads one line of JSON Lines. JSON Pointers start at the value of the line. */
function readLine({ number, bytes }: Line, source: UsageSource): ReadHost {
  if (bytes === undefined) return tooLong(number, source);
  const text = new JsonText(bytes, originOf(source, number));
  const locate: Locate = (faults) => text.locate(faults);
  if (text.hasKey("hosts") && !text.hasKey("host")) {
    return ofInput(locate([DOCUMENT]), number);
  }
  // The name on a broken line may be half a name.
  if (text.diagnostics.length > 0) return ofInput(text.diagnostics, number);
  return checkedHost(text.value, { line: number, locate, source, at: "" });
}

/** Reads one line of nix-eval-jobs: `attrPath`, and `extraValue` or `error`. */
function readJob({ number, bytes }: Line, source: UsageSource): ReadHost {
  if (bytes === undefined) return tooLong(number, source);
  const text = new JsonText(bytes, originOf(source, number));
  const locate: Locate = (faults) => text.locate(faults);
  if (text.diagnostics.length > 0) return ofInput(text.diagnostics, number);
  const { attrPath, extraValue, error } = Object(text.value);
  const name: unknown = Array.isArray(attrPath) ? attrPath[0] : undefined;
  if (typeof error === "string") {
    return { ...ofInput([], number), ...failedJob(name, error, locate), isEvaluationError: true };
  }
  if (typeof name !== "string") {
    return ofInput(locate([missingKey("attrPath", "name")]), number);
  }
  if (typeof extraValue !== "object" || extraValue === null) {
    return { ...ofInput(locate([missingKey("extraValue", "usage")]), number), name };
  }
  const value = { schemaVersion: 1, ...extraValue, host: name };
  return checkedHost(value, { line: number, locate, source, at: "/extraValue" });
}

function missingKey(key: string, what: string): Fault {
  return {
    code: "MS1103",
    pointer: "",
    at: "value",
    message: `the key "${key}" with the ${what} of a host is missing`,
    hint: "run the command that microvm-sweep expr --for nix-eval-jobs prints",
  };
}

function failedJob(name: unknown, error: string, locate: Locate) {
  const isNamed = typeof name === "string";
  const subject = isNamed ? describeValue(name) : "a host";
  const message = `nix-eval-jobs could not evaluate ${subject}: ${reasonOf(error)}`;
  const diagnostics = locate([{ code: "MS3103", pointer: "/error", at: "value", message }]);
  return isNamed ? { name, diagnostics } : { diagnostics };
}

/** The last thing that Nix reports is the reason; what is above it is the way there. */
function reasonOf(error: string): string {
  const plain = error.replaceAll(/\u001b\[[0-9;]*m/g, "");
  const last = plain.slice(Math.max(0, plain.lastIndexOf("error: "))).replace(/^error: /, "");
  return last.replaceAll(/\s+/g, " ").trim();
}

/** How to report what is wrong with the value of a line, which is at the JSON Pointer `at` of its text. */
interface LineContext {
  readonly line: number;
  readonly locate: Locate;
  readonly source: UsageSource;
  readonly at: string;
}

/** Checks the value of a line. Each message names the host: who reads a pipe has no lines to look up. */
function checkedHost(value: unknown, { line, locate, source, at }: LineContext): ReadHost {
  const { schemaVersion: _version, host: name, ...host } = Object(value) as HostLine;
  const faults = lineFaults(value, source.release).map((fault) => ({
    ...fault,
    pointer: at + fault.pointer,
    message: typeof name === "string" ? `${describeValue(name)}: ${fault.message}` : fault.message,
    ...(fault.related && {
      related: fault.related.map((place) => ({ ...place, pointer: at + place.pointer })),
    }),
  }));
  const diagnostics = locate(faults);
  const read = { line, diagnostics, at, locate };
  if (typeof name !== "string" || diagnostics.some(isNewer)) return read;
  return diagnostics.some(isError) ? { ...read, name } : { ...read, name, host };
}

/** Reports a line that is too long. It is the last that is read, because it may have no end. */
function tooLong(line: number, { file }: UsageSource): ReadHost {
  return ofInput([tooLarge(file, line, "write each host on a line of its own")], line);
}

function tooLarge(file: string, line: number, hint: string): Diagnostic {
  return {
    code: "MS1008",
    severity: "error",
    file,
    pointer: "",
    position: { line, column: 1 },
    message: `more than ${LIMITS.bytes / 1024 / 1024} MiB in one piece, too many to keep in memory`,
    hint,
  };
}

const NO_HOST: Fault = {
  code: "MS1202",
  pointer: "/hosts",
  at: "value",
  message: "the document has no host",
  hint: "evaluate a flake with nixosConfigurations",
};

const JSON_LINES: Fault = {
  code: "MS1009",
  pointer: "",
  at: "value",
  message: "this is JSON Lines, but one JSON document was expected",
  hint: "name the file .jsonl, or pass --usage-format json-lines",
};

const DOCUMENT = {
  code: "MS1010",
  severity: "error",
  pointer: "",
  at: "value",
  message: "this is one JSON document, but JSON Lines were expected: one host a line",
  hint: "name the file .json, or pass --usage-format json",
} as const;
