import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Chunks } from "./Chunks.ts";
import { HostChoice } from "./HostChoice.ts";
import { LIMITS } from "./limits.ts";
import { readLine } from "./readLine.ts";
import { readText } from "./text/readText.ts";
import { type Line, splitLines } from "./text/splitLines.ts";
import type { UsageRequest } from "./UsageRequest.ts";
import type { UsageResult } from "./UsageResult.ts";

function isEmpty({ bytes }: Line): boolean {
  return bytes?.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d) ?? false;
}

/** Whether a line starts a host as JSON Lines do. A document over many lines does so on its first alone. */
function startsObject({ bytes }: Line): boolean {
  return bytes !== undefined && /^\s*\{/.test(Buffer.from(bytes.subarray(0, 1024)).toString());
}

function emptyLine(line: number, file: string): Diagnostic {
  return {
    code: "MS1012",
    severity: "error",
    file,
    pointer: "",
    position: { line, column: 1 },
    message: "the line is empty, and more lines follow",
    hint: "remove the line",
  };
}

/** One document over many lines, where the first line alone is no JSON. */
function spreadDocument(file: string): Diagnostic {
  return {
    code: "MS1010",
    severity: "error",
    file,
    pointer: "",
    position: { line: 1, column: 1 },
    message: "this is one JSON document, and JSON Lines were expected: one host a line",
    hint: "name the file .json, or pass --usage-format json",
  };
}

/** What an input says that has nothing but empty lines, or none. */
function nothing(file: string): readonly Diagnostic[] {
  const origin = { file, firstLine: 1, firstByte: 0, kind: "usage" } as const;
  return readText(new Uint8Array(), origin).diagnostics;
}

/** Reads a usage document in JSON Lines: one host a line (design, "The usage document"). */
export async function readJsonLines(chunks: Chunks, request: UsageRequest): Promise<UsageResult> {
  const { file } = request;
  let diagnostics: readonly Diagnostic[] = [];
  const choice = new HostChoice(request);
  let empty: number | undefined;
  let read = 0;
  for await (const line of splitLines(chunks)) {
    if (isEmpty(line)) {
      empty ??= line.number;
      continue;
    }
    const cutOff = read === 1 && diagnostics.some(({ code }) => code === "MS1003");
    if (cutOff && !startsObject(line)) return { diagnostics: [spreadDocument(file)] };
    if (empty !== undefined) diagnostics = [...diagnostics, emptyLine(empty, file)];
    empty = undefined;
    read += 1;
    const result = readLine(line, request);
    diagnostics = [...diagnostics, ...result.diagnostics, ...choice.offer(result, line.number)];
    if (result.ends === true || diagnostics.length >= LIMITS.faults) return { diagnostics };
  }
  return read === 0 ? { diagnostics: nothing(file) } : choice.result(diagnostics);
}
