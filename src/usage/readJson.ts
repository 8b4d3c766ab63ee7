import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type Chunks, MAX_BYTES } from "./Chunks.ts";
import { chooseHost } from "./chooseHost.ts";
import { documentFaults } from "./documentFaults.ts";
import type { UsageDocument } from "./model.ts";
import type { UsageRequest, UsageResult } from "./readUsage.ts";
import { readText } from "./text/readText.ts";
import { toDiagnostics } from "./text/toDiagnostics.ts";
import { validateDocument } from "./validate.generated.js";

/** All bytes of the input, or nothing where they are more than {@link MAX_BYTES}; then it stops reading. */
async function collect(chunks: Chunks): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_BYTES) return undefined;
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
    message: `the document has more than ${MAX_BYTES / 1024 / 1024} MiB, and would be held in memory whole`,
    hint: "give it as JSON Lines (a .jsonl file), which is read one host at a time",
  };
}

/** JSON Lines in place of a document: the keys of a line at the top, or a second value behind the first. */
function isJsonLines(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "host") && !Object.hasOwn(value, "hosts");
}

/** Reads a usage document that is one JSON object. */
export async function readJson(chunks: Chunks, request: UsageRequest): Promise<UsageResult> {
  const { file } = request;
  const bytes = await collect(chunks);
  if (bytes === undefined) return { diagnostics: [tooLarge(file)] };
  const origin = { file, firstLine: 1 };
  const { text, parsed, diagnostics } = readText(bytes, origin);
  if (text === undefined || parsed === undefined) return { diagnostics };
  if (isJsonLines(parsed.value)) {
    const message = "this is JSON Lines, and one JSON document was expected";
    const hint = "name the file .jsonl, or pass --usage-format json-lines";
    const fault = { code: "MS1009", pointer: "", at: "value", message, hint } as const;
    return { diagnostics: [...diagnostics, ...toDiagnostics([fault], text, origin)] };
  }
  if (parsed.syntax !== undefined) return { diagnostics: [...diagnostics, parsed.syntax] };
  const unread = parsed.value === undefined;
  const faults = [
    ...parsed.faults,
    ...(unread ? [] : documentFaults(parsed.value, request.version)),
  ];
  if (faults.length > 0 || !validateDocument(parsed.value)) {
    return { diagnostics: [...diagnostics, ...toDiagnostics(faults, text, origin)] };
  }
  const chosen = chooseHost((parsed.value as UsageDocument).hosts, request.host);
  return {
    ...(chosen.host === undefined ? {} : { host: chosen.host }),
    diagnostics: [...diagnostics, ...toDiagnostics(chosen.faults, text, origin)],
  };
}
