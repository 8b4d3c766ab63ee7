import { type Chunks, MAX_BYTES } from "../Chunks.ts";

/** One line without its end, and its number; `bytes` is missing where the line is too long to be held. */
export interface Line {
  readonly number: number;
  readonly bytes?: Uint8Array;
}

const NEWLINE = 0x0a;

/** Splits an input into lines and holds one of them at a time. An end of line at the end starts no line. */
export async function* splitLines(chunks: Chunks): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield { number, bytes: Buffer.concat([...parts, chunk.subarray(start, end)]) };
      [parts, size, start] = [[], 0, end + 1];
      number += 1;
    }
    size += chunk.length - start;
    if (size > MAX_BYTES) {
      yield { number };
      return;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (size > 0) yield { number, bytes: Buffer.concat(parts) };
}
