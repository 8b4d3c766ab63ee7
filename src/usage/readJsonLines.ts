import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Chunks } from "./Chunks.ts";
import { HostChoice } from "./HostChoice.ts";
import { readLine } from "./readLine.ts";
import type { UsageRequest, UsageResult } from "./readUsage.ts";
import { splitLines } from "./text/splitLines.ts";

/** More faults than this say nothing new: the reading ends. */
const MOST_FAULTS = 1000;

/** Reads a usage document in JSON Lines: one host a line (design, "The usage document"). */
export async function readJsonLines(chunks: Chunks, request: UsageRequest): Promise<UsageResult> {
  const diagnostics: Diagnostic[] = [];
  const choice = new HostChoice(request);
  let empty: Diagnostic | undefined;
  for await (const line of splitLines(chunks)) {
    const read = readLine(line, request);
    if (read.empty !== undefined) {
      empty ??= read.empty;
      continue;
    }
    if (empty !== undefined) diagnostics.push(empty);
    empty = undefined;
    diagnostics.push(...read.diagnostics);
    if (read.line !== undefined) diagnostics.push(...choice.offer(read.line, line.number));
    if (read.ends || diagnostics.length > MOST_FAULTS) return { diagnostics };
  }
  return choice.result(diagnostics);
}
