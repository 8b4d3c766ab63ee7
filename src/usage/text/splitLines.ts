import type { Chunks } from "../Chunks.ts";
import { LIMITS } from "../limits.ts";

/** One line without its end. */
export interface Line {
  readonly number: number;
  /** How many bytes of the input come before it. */
  readonly firstByte: number;
  /** Missing where the line is too long to be held. It is the last one then. */
  readonly bytes?: Uint8Array;
}

const NEWLINE = 0x0a;

/** Splits an input into lines and holds one of them at a time. An end of line at the end starts no line. */
export async function* splitLines(chunks: Chunks): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  let firstByte = 0;
  for await (const chunk of chunks) {
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
      yield { number, firstByte, bytes: Buffer.concat(parts) };
      firstByte += size + 1;
      number += 1;
      [parts, size, start] = [[], 0, end + 1];
    }
  }
  if (size > 0) yield { number, firstByte, bytes: Buffer.concat(parts) };
}
