import { LIMITS } from "./fault.ts";

/** The bytes of an input, as they arrive. */
export type ByteStream = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

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
  /** Missing where the line is longer than the limit. Such a line is the last one: it may have no end. */
  readonly bytes?: Uint8Array;
}

const NEWLINE = 0x0a;

/** Splits an input into lines and keeps one of them in memory. A final newline starts no new line. */
export async function* splitLines(stream: ByteStream): AsyncGenerator<Line> {
  let number = 1;
  let parts: Uint8Array[] = [];
  let size = 0;
  const add = (part: Uint8Array) => {
    if (part.length > 0) parts.push(part);
    size += part.length;
  };
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      if (size > LIMITS.bytes) break;
      yield { number, bytes: joined(parts) };
      number += 1;
      start = end + 1;
      parts = [];
      size = 0;
    }
    if (size <= LIMITS.bytes) add(chunk.subarray(start));
    if (size > LIMITS.bytes) {
      yield { number };
      return;
    }
  }
  if (size > 0) yield { number, bytes: joined(parts) };
}

/** Most lines lie in one part of the input, and are not copied. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array()] = parts;
  return parts.length <= 1 ? first : Buffer.concat(parts);
}
