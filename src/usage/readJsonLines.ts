import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type ByteStream, type Line, splitLines } from "../json/bytes.ts";
import type { Fault } from "../json/fault.ts";
import { LIMITS } from "../json/fault.ts";
import { type ParsedJson, parseQuickly } from "../json/parse.ts";
import { locateFaults, readText, syntaxDiagnostic } from "../json/readText.ts";
import { lineFaults, newerVersionFault } from "./checkDocument.ts";
import { FleetChoice, type UsageRequest, type UsageResult } from "./chooseHost.ts";
import type { HostLine } from "./model.ts";

/** Reads a usage in JSON Lines, one host a line, and keeps one line in memory at a time. */
export async function readJsonLines(
  stream: ByteStream,
  request: UsageRequest,
): Promise<UsageResult> {
  const { file } = request;
  let diagnostics: readonly Diagnostic[] = [];
  const choice = new FleetChoice(request);
  let empty: number | undefined;
  let read = 0;
  for await (const line of splitLines(stream)) {
    if (isEmpty(line)) {
      empty ??= line.number;
      continue;
    }
    const document = read === 1 ? documentOnManyLines(diagnostics, line, file) : undefined;
    if (document !== undefined) return { diagnostics: [document] };
    if (empty !== undefined) diagnostics = [...diagnostics, onLine(EMPTY_LINE, empty, file)];
    empty = undefined;
    read += 1;
    const result = readLine(line, request);
    const added = choice.add(result.name, result.line, line.number);
    diagnostics = [...diagnostics, ...result.diagnostics, ...added];
    if (result.isLast === true || diagnostics.length >= LIMITS.faults) return { diagnostics };
  }
  return read === 0 ? { diagnostics: emptyInput(file) } : choice.result(diagnostics);
}

/** Result of reading one line. */
export interface ReadLine {
  /** The host of the line. Missing where it has an error. */
  readonly line?: HostLine;
  /** The name of the host, where it can be read. */
  readonly name?: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether to stop after this line, because nothing after it can be read. */
  readonly isLast?: boolean;
}

/** Reads one line that is not empty. JSON Pointers start at the value of the line. */
export function readLine(line: Line, request: UsageRequest): ReadLine {
  const { file, version, host: wanted } = request;
  const { number: firstLine, firstByte, bytes } = line;
  if (bytes === undefined)
    return { diagnostics: [onLine(TOO_LONG, firstLine, file)], isLast: true };
  const quick = parseQuickly(bytes);
  // A line with a fault is read once more, for the places of what is wrong.
  if (quick !== undefined && lineFaults(quick, wanted).length === 0) {
    return { ...hostName(quick), line: quick as HostLine, diagnostics: [] };
  }
  const origin = { file, firstLine, firstByte, kind: "usage" } as const;
  const { text, parsed, diagnostics } = readText(bytes, origin);
  if (text === undefined || parsed === undefined) return { diagnostics };
  const withFaults = (faults: readonly Fault[]) => [
    ...diagnostics,
    ...locateFaults(faults, text, origin),
  ];
  const { value, syntaxError } = parsed;
  if (isDocument(value)) return { diagnostics: withFaults([DOCUMENT]), isLast: true };
  // The name on a broken line may be half a name, and where there are two, either may be the right one.
  if (syntaxError !== undefined) {
    return { diagnostics: [...diagnostics, syntaxDiagnostic(syntaxError, text, origin)] };
  }
  const name = hasKeyTwice(parsed, "/host") ? {} : hostName(value);
  const newer = newerVersionFault(value, version);
  if (newer !== undefined) return { diagnostics: withFaults([newer]), isLast: true };
  const content = value === undefined ? [] : lineFaults(value, wanted);
  const all = withFaults([...parsed.faults, ...content]);
  if (all.some(({ severity }) => severity === "error")) return { ...name, diagnostics: all };
  return { ...name, line: value as HostLine, diagnostics: all };
}

/** Whether the object of a line has the key at a pointer twice. */
export function hasKeyTwice({ faults }: ParsedJson, pointer: string): boolean {
  return faults.some((fault) => fault.code === "MS1006" && fault.pointer === pointer);
}

function hostName(value: unknown): { readonly name?: string } {
  const name: unknown = Object(value).host;
  return typeof name === "string" ? { name } : {};
}

/** Whether a line is a whole usage document. */
function isDocument(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "hosts") && !Object.hasOwn(value, "host");
}

export function isEmpty({ bytes }: Line): boolean {
  return bytes?.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d) ?? false;
}

/**
 * Reports a document that stands on many lines: its first line, with these diagnostics, was cut off, and the next
 * one starts no object.
 */
export function documentOnManyLines(
  diagnostics: readonly Diagnostic[],
  { bytes = new Uint8Array() }: Line,
  file: string,
): Diagnostic | undefined {
  const isCutOff = diagnostics.some(({ code }) => code === "MS1003");
  const startsObject = /^\s*\{/.test(Buffer.from(bytes.subarray(0, 1024)).toString());
  return isCutOff && !startsObject ? onLine(DOCUMENT, 1, file) : undefined;
}

const DOCUMENT: Fault = {
  code: "MS1010",
  pointer: "",
  at: "value",
  message: "this is one JSON document, but JSON Lines were expected: one host a line",
  hint: "name the file .json, or pass --usage-format json",
};

const EMPTY_LINE: Fault = {
  code: "MS1012",
  pointer: "",
  at: "value",
  message: "the line is empty, but more lines follow",
  hint: "remove the line",
};

const TOO_LONG: Fault = {
  code: "MS1008",
  pointer: "",
  at: "value",
  message: `the line has more than ${LIMITS.bytes / 1024 / 1024} MiB, too many to keep in memory`,
  hint: "write each host on a line of its own",
};

/** Reports a fault of a whole line. */
function onLine({ code, message, hint = "" }: Fault, line: number, file: string): Diagnostic {
  const position = { line, column: 1 };
  return { code, severity: "error", file, pointer: "", position, message, hint };
}

/** Reports an input that is empty or has only empty lines. */
export function emptyInput(file: string): readonly Diagnostic[] {
  const origin = { file, firstLine: 1, firstByte: 0, kind: "usage" } as const;
  return readText(new Uint8Array(), origin).diagnostics;
}
