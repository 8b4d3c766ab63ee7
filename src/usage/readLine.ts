import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { MAX_BYTES } from "./Chunks.ts";
import type { Fault } from "./Fault.ts";
import { hostFaults } from "./hostFaults.ts";
import type { HostLine } from "./model.ts";
import { newerVersion } from "./newerVersion.ts";
import type { UsageRequest } from "./readUsage.ts";
import { shapeFaults } from "./shape/shapeFaults.ts";
import type { ParsedJson } from "./text/parseJson.ts";
import { readText } from "./text/readText.ts";
import type { Line } from "./text/splitLines.ts";
import { toDiagnostics } from "./text/toDiagnostics.ts";
import { validateHostLine } from "./validate.generated.js";

/** What one line says. */
interface LineResult {
  readonly line?: HostLine;
  readonly diagnostics: readonly Diagnostic[];
  /** The line is empty: a fault, unless nothing comes after it. */
  readonly empty?: Diagnostic;
  /** Nothing behind this line is worth reading. */
  readonly ends?: boolean;
}

/** A whole document, on one line or with its first line being but an opening brace. */
function isDocument(parsed: ParsedJson, text: string, number: number): boolean {
  const { value, syntax } = parsed;
  if (number === 1 && syntax !== undefined && /^\s*\{\s*$/.test(text)) return true;
  return typeof value === "object" && value !== null && Object.hasOwn(value, "hosts");
}

const documentFault: Fault = {
  code: "MS1010",
  pointer: "",
  at: "value",
  message: "this is one JSON document, and JSON Lines were expected: one host a line",
  hint: "name the file .json, or pass --usage-format json",
};

function lineFaults(value: unknown, version: string): { faults: Fault[]; newer: boolean } {
  const newer = newerVersion(value, version);
  if (newer !== undefined) return { faults: [newer], newer: true };
  if (!validateHostLine(value)) {
    return { faults: shapeFaults(validateHostLine.errors), newer: false };
  }
  return { faults: hostFaults(value, ""), newer: false };
}

function tooLong({ number }: Line, file: string): Diagnostic {
  const position = { line: number, column: 1 };
  const message = `the line has more than ${MAX_BYTES / 1024 / 1024} MiB, which no host has`;
  const hint = "write each host on a line of its own";
  return { code: "MS1008", severity: "error", file, pointer: "", position, message, hint };
}

function emptyLine({ number }: Line, file: string): Diagnostic {
  const position = { line: number, column: 1 };
  const message =
    number === 1 ? "the input is empty, and a usage document was expected" : "the line is empty";
  const code = number === 1 ? "MS1001" : "MS1012";
  return { code, severity: "error", file, pointer: "", position, message, hint: "remove the line" };
}

/** Reads one line of JSON Lines. JSON pointers are relative to the line's value. */
export function readLine(line: Line, { file, version }: UsageRequest): LineResult {
  if (line.bytes === undefined) return { diagnostics: [tooLong(line, file)], ends: true };
  const origin = { file, firstLine: line.number };
  const { text, parsed, diagnostics } = readText(line.bytes, origin);
  if (text?.trim() === "") return { diagnostics: [], empty: emptyLine(line, file) };
  if (text === undefined || parsed === undefined) return { diagnostics };
  if (isDocument(parsed, text, line.number)) {
    return {
      diagnostics: [...diagnostics, ...toDiagnostics([documentFault], text, origin)],
      ends: true,
    };
  }
  if (parsed.syntax !== undefined) return { diagnostics: [...diagnostics, parsed.syntax] };
  const unread = parsed.value === undefined;
  const { faults, newer } = unread
    ? { faults: [], newer: false }
    : lineFaults(parsed.value, version);
  const all = [...parsed.faults, ...faults];
  return {
    diagnostics: [...diagnostics, ...toDiagnostics(all, text, origin)],
    ends: newer,
    ...(all.length === 0 ? { line: parsed.value as HostLine } : {}),
  };
}
