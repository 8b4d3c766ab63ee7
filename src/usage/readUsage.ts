import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { inOrder } from "./inOrder.ts";
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
    diagnostics: inOrder(diagnostics, request.file),
  };
}
