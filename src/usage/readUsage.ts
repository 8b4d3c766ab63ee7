import { inOrder } from "./inOrder.ts";
import { readJson } from "./readJson.ts";
import { readJsonLines } from "./readJsonLines.ts";
import type { UsageRequest } from "./UsageRequest.ts";
import type { UsageResult } from "./UsageResult.ts";

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
