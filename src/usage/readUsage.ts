import { compareDiagnostics } from "../diagnostics/compareDiagnostics.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "./model.ts";
import { readJson } from "./readJson.ts";
import { readJsonLines } from "./readJsonLines.ts";

/** What to read, and which host is wanted. */
export interface UsageRequest {
  /** The input's name as the user gave it, for messages. */
  readonly file: string;
  readonly format: "json" | "json-lines";
  /** The host that is wanted; without it the only one that is not a guest. */
  readonly host?: string;
  /** The release that reads, for the message about a newer document. */
  readonly version: string;
}

/** The host that was wanted, where the document names it and has no fault; and every fault. */
export interface UsageResult {
  readonly host?: { readonly name: string; readonly host: Host };
  readonly diagnostics: readonly Diagnostic[];
}

/** More faults than this are counted, not shown. */
const MOST_SHOWN = 100;

function capped(diagnostics: readonly Diagnostic[], file: string): readonly Diagnostic[] {
  const sorted = [...diagnostics].sort(compareDiagnostics);
  if (sorted.length <= MOST_SHOWN) return sorted;
  const shown = sorted.slice(0, MOST_SHOWN);
  const last = shown.at(-1);
  if (last === undefined) return shown;
  const more = `${sorted.length - MOST_SHOWN} more faults are not shown`;
  return [...shown.slice(0, -1), { ...last, file, hint: `${last.hint ?? ""} (${more})`.trim() }];
}

/**
 * Reads a usage document and picks one host (design, "The usage document"). All faults come back at
 * once, sorted by place; there is no host where one of them is an error. JSON Lines are read a line at
 * a time, so that memory does not grow with the number of hosts.
 *
 * Throws only what `input` itself throws.
 */
export async function readUsage(
  input: AsyncIterable<Uint8Array> | Uint8Array,
  request: UsageRequest,
): Promise<UsageResult> {
  const chunks = input instanceof Uint8Array ? [input] : input;
  const read = request.format === "json" ? readJson : readJsonLines;
  const { host, diagnostics } = await read(chunks, request);
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return {
    ...(host === undefined || failed ? {} : { host }),
    diagnostics: capped(diagnostics, request.file),
  };
}
