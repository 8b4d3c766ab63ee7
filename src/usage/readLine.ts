import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { guestFaults } from "./chooseHost.ts";
import type { Fault } from "./Fault.ts";
import { firstFaults } from "./firstFaults.ts";
import { hostFaults } from "./hostFaults.ts";
import type { LineResult } from "./LineResult.ts";
import { LIMITS } from "./limits.ts";
import type { HostLine } from "./model.ts";
import { newerVersion } from "./newerVersion.ts";
import type { ParsedJson } from "./text/parseJson.ts";
import { readText } from "./text/readText.ts";
import type { Line } from "./text/splitLines.ts";
import { toDiagnostics } from "./text/toDiagnostics.ts";
import type { UsageRequest } from "./UsageRequest.ts";
import { validateHostLine } from "./validate.generated.js";

const DOCUMENT: Fault = {
  code: "MS1010",
  pointer: "",
  at: "value",
  message: "this is one JSON document, and JSON Lines were expected: one host a line",
  hint: "name the file .json, or pass --usage-format json",
};

function nameOf(value: unknown): { readonly name?: string } {
  const name = Object(value).host;
  return typeof name === "string" ? { name } : {};
}

function isDocument(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "hosts") && !Object.hasOwn(value, "host");
}

function lineFaults({ value, faults }: ParsedJson, wanted: string | undefined): readonly Fault[] {
  if (value === undefined) return faults;
  const found = firstFaults(hostFaults(value, "", validateHostLine));
  const { name } = nameOf(value);
  const guest = name !== undefined && name === wanted ? guestFaults(name, value, "") : [];
  return [...faults, ...found, ...guest];
}

function tooLong({ number }: Line, file: string): Diagnostic {
  const position = { line: number, column: 1 };
  const message = `the line has more than ${LIMITS.bytes / 1024 / 1024} MiB, which no host has`;
  const hint = "write each host on a line of its own";
  return { code: "MS1008", severity: "error", file, pointer: "", position, message, hint };
}

/** Reads one line of JSON Lines that is not empty. JSON pointers are relative to the line's value. */
export function readLine(line: Line, request: UsageRequest): LineResult {
  const { file, version, host: wanted } = request;
  if (line.bytes === undefined) return { diagnostics: [tooLong(line, file)], ends: true };
  const { number: firstLine, firstByte } = line;
  const origin = { file, firstLine, firstByte, kind: "usage" } as const;
  const { text, parsed, diagnostics } = readText(line.bytes, origin);
  if (text === undefined || parsed === undefined) return { diagnostics };
  const and = (faults: readonly Fault[]) => [
    ...diagnostics,
    ...toDiagnostics(faults, text, origin),
  ];
  const { value, syntax } = parsed;
  if (isDocument(value)) return { diagnostics: and([DOCUMENT]), ends: true };
  const name = nameOf(value);
  if (syntax !== undefined) return { ...name, diagnostics: [...diagnostics, syntax] };
  const newer = newerVersion(value, version);
  if (newer !== undefined) return { diagnostics: and([newer]), ends: true };
  const faults = and(lineFaults(parsed, wanted));
  if (faults.some(({ severity }) => severity === "error")) return { ...name, diagnostics: faults };
  return { ...name, line: value as HostLine, diagnostics: faults };
}
