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
  /** Missing where the line is longer than the limit. */
  readonly bytes?: Uint8Array;
}

const NEWLINE = 0x0a;

/** Splits bytes into lines, part by part. Nothing is kept of a line that is longer than the limit. */
class LineSplitter {
  #number = 1;
  #firstByte = 0;
  #size = 0;
  #parts: Uint8Array[] = [];

  /** Takes a part of the input, and gives the lines that end in it. */
  *add(chunk: Uint8Array): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield* this.#grow(chunk.subarray(start, end));
      yield* this.end();
      this.#firstByte += this.#size + 1;
      this.#number += 1;
      [this.#size, this.#parts, start] = [0, [], end + 1];
    }
    yield* this.#grow(chunk.subarray(start));
  }

  /** Gives a line that is too long at once: who reads no further need not wait for its end. */
  *#grow(part: Uint8Array): Generator<Line> {
    if (part.length === 0) return;
    const wasTooLong = this.#isTooLong;
    this.#size += part.length;
    if (!this.#isTooLong) this.#parts.push(part);
    else {
      this.#parts = [];
      if (!wasTooLong) yield { number: this.#number, firstByte: this.#firstByte };
    }
  }

  /** Gives the line that has arrived so far. */
  *end(): Generator<Line> {
    if (this.#isTooLong) return;
    const [first = new Uint8Array()] = this.#parts;
    // Most lines lie in one part, and are not copied.
    const bytes = this.#parts.length <= 1 ? first : Buffer.concat(this.#parts);
    yield { number: this.#number, firstByte: this.#firstByte, bytes };
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  get #isTooLong(): boolean {
    return this.#size > LIMITS.bytes;
  }
}

/** Splits an input into lines and keeps one of them in memory. A final newline starts no new line. */
export async function* splitLines(stream: ByteStream): AsyncGenerator<Line> {
  const splitter = new LineSplitter();
  for await (const chunk of stream) yield* splitter.add(chunk);
  if (!splitter.isEmpty) yield* splitter.end();
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
