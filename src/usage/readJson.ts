import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Chunks } from "./Chunks.ts";
import { chooseHost } from "./chooseHost.ts";
import { documentFaults } from "./documentFaults.ts";
import type { Fault } from "./Fault.ts";
import { LIMITS } from "./limits.ts";
import type { UsageDocument } from "./model.ts";
import { newerVersion } from "./newerVersion.ts";
import type { ParsedJson } from "./text/parseJson.ts";
import { readText } from "./text/readText.ts";
import { toDiagnostics } from "./text/toDiagnostics.ts";
import type { UsageRequest } from "./UsageRequest.ts";
import type { UsageResult } from "./UsageResult.ts";

/** All bytes of the input, or nothing where they are more than the limit; then it stops reading. */
async function collect(chunks: Chunks): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LIMITS.bytes) return undefined;
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

function tooLarge(file: string): Diagnostic {
  return {
    code: "MS1008",
    severity: "error",
    file,
    pointer: "",
    message: `the document has more than ${LIMITS.bytes / 1024 / 1024} MiB, and would be held in memory whole`,
    hint: "give it as JSON Lines (a .jsonl file), which is read one host at a time",
  };
}

const JSON_LINES: Fault = {
  code: "MS1009",
  pointer: "",
  at: "value",
  message: "this is JSON Lines, and one JSON document was expected",
  hint: "name the file .jsonl, or pass --usage-format json-lines",
};

/** JSON Lines in place of a document: the first value, whatever follows it, has the keys of a line. */
function isJsonLines(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "host") && !Object.hasOwn(value, "hosts");
}

/** The faults of the content. A newer version comes alone: all else may be right in it. */
function contentFaults({ value, faults }: ParsedJson, request: UsageRequest): readonly Fault[] {
  const newer = newerVersion(value, request.version);
  if (newer !== undefined) return [newer];
  return value === undefined ? faults : [...faults, ...documentFaults(value, request.host)];
}

/** Reads a usage document that is one JSON object. */
export async function readJson(chunks: Chunks, request: UsageRequest): Promise<UsageResult> {
  const { file } = request;
  const bytes = await collect(chunks);
  if (bytes === undefined) return { diagnostics: [tooLarge(file)] };
  const origin = { file, firstLine: 1, firstByte: 0, kind: "usage" } as const;
  const { text, parsed, diagnostics } = readText(bytes, origin);
  if (text === undefined || parsed === undefined) return { diagnostics };
  const and = (faults: readonly Fault[]) => [
    ...diagnostics,
    ...toDiagnostics(faults, text, origin),
  ];
  if (isJsonLines(parsed.value)) return { diagnostics: and([JSON_LINES]) };
  if (parsed.syntax !== undefined) return { diagnostics: [...diagnostics, parsed.syntax] };
  const faults = contentFaults(parsed, request);
  if (faults.some(({ severity }) => severity !== "warning")) return { diagnostics: and(faults) };
  const { hosts } = parsed.value as UsageDocument;
  const { name, faults: choice } = chooseHost(hosts, request.host);
  const host = name === undefined ? undefined : hosts[name];
  if (name === undefined || host === undefined) return { diagnostics: and(choice) };
  return { host: { name, host }, diagnostics: and(faults) };
}
