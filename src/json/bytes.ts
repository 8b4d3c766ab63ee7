import { isUtf8 } from "node:buffer";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { LIMITS } from "./fault.ts";

/** The bytes of an input, as they arrive. */
export type ByteStream = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Where in an input some bytes come from, for messages about them. */
export interface BytesOrigin {
  /** Name of the input as the user gave it. */
  readonly file: string;
  /** Number of the line of `file` that the bytes start on. */
  readonly firstLine: number;
  /** Number of bytes of `file` before them. */
  readonly firstByte: number;
}

/** Reads an input whole. Stops reading and returns `undefined` where it is larger than the limit. */
export async function readWhole(stream: ByteStream): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > LIMITS.bytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** One line without its newline character. */
export interface Line {
  readonly number: number;
  /** Number of bytes of the input before the line. */
  readonly firstByte: number;
  /** Missing where the line is longer than the limit. Such a line is the last one. */
  readonly bytes?: Uint8Array;
}

const NEWLINE = 0x0a;

/** Splits an input into lines and keeps one of them in memory. A final newline starts no new line. */
export async function* splitLines(stream: ByteStream): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  let firstByte = 0;
  for await (const chunk of stream) {
    let start = 0;
    while (start < chunk.length) {
      const end = chunk.indexOf(NEWLINE, start);
      const part = end < 0 ? chunk.subarray(start) : chunk.subarray(start, end);
      size += part.length;
      if (size > LIMITS.bytes) {
        yield { number, firstByte };
        return;
      }
      parts.push(part);
      if (end < 0) break;
      yield { number, firstByte, bytes: joined(parts) };
      firstByte += size + 1;
      number += 1;
      [parts, size, start] = [[], 0, end + 1];
    }
  }
  if (size > 0) yield { number, firstByte, bytes: joined(parts) };
}

/** Most lines lie in one part, and are not copied. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array()] = parts;
  return parts.length <= 1 ? first : Buffer.concat(parts);
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Decodes bytes as UTF-8 and reports what RFC 8259, section 8.1, forbids. `text` is missing where the
 * bytes are not UTF-8.
 */
export function decode(
  bytes: Uint8Array,
  { file, firstLine, firstByte }: BytesOrigin,
): { readonly text?: string; readonly diagnostics: readonly Diagnostic[] } {
  const marked = BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);
  const body = marked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
  const common = { severity: "error", file, pointer: "" } as const;
  const diagnostics: Diagnostic[] = [];
  if (marked) {
    diagnostics.push({
      ...common,
      code: "MS1004",
      position: { line: firstLine, column: 1 },
      message: "the input starts with a byte order mark, which JSON forbids",
      hint: "save it as UTF-8 without a byte order mark",
    });
  }
  if (isUtf8(body)) return { text: new TextDecoder().decode(body), diagnostics };
  const valid = validStart(body);
  const offset = firstByte + bytes.length - body.length + Buffer.byteLength(valid);
  const lines = valid.split("\n");
  diagnostics.push({
    ...common,
    code: "MS1005",
    position: { line: firstLine + lines.length - 1, column: (lines.at(-1)?.length ?? 0) + 1 },
    message: `the input is not UTF-8 at byte offset ${offset}`,
    hint: "save it as UTF-8",
  });
  return { diagnostics };
}

/** Decodes the longest valid start of bytes that are not UTF-8. */
function validStart(bytes: Uint8Array): string {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isStartOfUtf8(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return new TextDecoder().decode(bytes.subarray(0, low), { stream: true });
}

function isStartOfUtf8(bytes: Uint8Array): boolean {
  try {
    // With `stream`, a character that is cut off at the end is no error.
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
