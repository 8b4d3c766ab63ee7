import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type ByteStream, readWhole } from "../json/bytes.ts";
import type { Fault } from "../json/fault.ts";
import { LIMITS, sortAndLimit } from "../json/fault.ts";
import { type ParsedJson, parseQuickly } from "../json/parse.ts";
import { locateFaults, readText, syntaxDiagnostic } from "../json/readText.ts";
import { documentFaults, newerVersionFault } from "./checkDocument.ts";
import { chooseHost, type UsageRequest, type UsageResult } from "./chooseHost.ts";
import type { UsageDocument } from "./model.ts";
import { readJsonLines } from "./readJsonLines.ts";

/**
 * Reads a usage document and chooses one host (docs/design.md, "Usage document"). Returns all
 * diagnostics at once, sorted by place. Throws only what `input` itself throws.
 */
export async function readUsage(
  input: AsyncIterable<Uint8Array> | Uint8Array,
  request: UsageRequest,
): Promise<UsageResult> {
  const stream = input instanceof Uint8Array ? [input] : input;
  const read = request.format === "json" ? readDocument : readJsonLines;
  const { host, diagnostics } = await read(stream, request);
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return {
    ...(host === undefined || failed ? {} : { host }),
    diagnostics: sortAndLimit(diagnostics, request.file),
  };
}

/** Reads a usage document that is one JSON object. */
async function readDocument(stream: ByteStream, request: UsageRequest): Promise<UsageResult> {
  const bytes = await readWhole(stream);
  if (bytes === undefined) return { diagnostics: [tooLarge(request.file)] };
  const { document, diagnostics, locate } = checkWhole(bytes, request);
  if (document === undefined || diagnostics.some(({ severity }) => severity !== "warning")) {
    return { diagnostics };
  }
  const { name, faults } = chooseHost(document.hosts, request.host);
  const host = name === undefined ? undefined : document.hosts[name];
  if (name === undefined || host === undefined) {
    return { diagnostics: [...diagnostics, ...locate(faults)] };
  }
  return { host: { name, host }, diagnostics };
}

/** A document with all its diagnostics. It is missing where the text is none. */
interface WholeDocument {
  readonly document?: UsageDocument;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: (faults: readonly Fault[]) => readonly Diagnostic[];
}

/** Reads the text of a document and checks it with all its hosts. Where there are errors it may have any shape. */
export function checkWhole(bytes: Uint8Array, request: UsageRequest): WholeDocument {
  const origin = { file: request.file, firstLine: 1, firstByte: 0, kind: "usage" } as const;
  const quick = parseQuickly(bytes);
  // A document with a fault is read once more, for the places of what is wrong.
  if (quick !== undefined && documentFaults(quick, request.host).length === 0) {
    const locateAgain = (faults: readonly Fault[]) =>
      locateFaults(faults, new TextDecoder().decode(bytes), origin);
    return { document: quick as UsageDocument, diagnostics: [], locate: locateAgain };
  }
  const { text, parsed, diagnostics } = readText(bytes, origin);
  const locate = (faults: readonly Fault[]) => locateFaults(faults, text ?? "", origin);
  if (text === undefined || parsed === undefined) return { diagnostics, locate };
  if (isJsonLines(parsed.value)) {
    return { diagnostics: [...diagnostics, ...locate([JSON_LINES])], locate };
  }
  if (parsed.syntaxError !== undefined) {
    const error = syntaxDiagnostic(parsed.syntaxError, text, origin);
    return { diagnostics: [...diagnostics, error], locate };
  }
  const all = [...diagnostics, ...locate(contentFaults(parsed, request))];
  return { document: parsed.value as UsageDocument, diagnostics: all, locate };
}

function contentFaults({ value, faults }: ParsedJson, request: UsageRequest): readonly Fault[] {
  const newer = newerVersionFault(value, request.version);
  if (newer !== undefined) return [newer];
  return value === undefined ? faults : [...faults, ...documentFaults(value, request.host)];
}

/** Whether the first value of a text has the keys of a line of JSON Lines, whatever comes after it. */
function isJsonLines(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "host") && !Object.hasOwn(value, "hosts");
}

const JSON_LINES: Fault = {
  code: "MS1009",
  pointer: "",
  at: "value",
  message: "this is JSON Lines, but one JSON document was expected",
  hint: "name the file .jsonl, or pass --usage-format json-lines",
};

/** Reports a document, or a line, that is larger than the limit. */
export function tooLarge(file: string): Diagnostic {
  return {
    code: "MS1008",
    severity: "error",
    file,
    pointer: "",
    message: `the document has more than ${LIMITS.bytes / 1024 / 1024} MiB, too many to keep in memory`,
    hint: "write it as JSON Lines (a .jsonl file), which are read one host at a time",
  };
}
