import { describe, expect, it } from "vitest";
import { readWhole, splitLines } from "../../src/json/bytes.ts";
import { LIMITS } from "../../src/json/fault.ts";

const MIB = 1024 * 1024;

/** Counts how many pieces a reader takes of an input without end. */
function endless() {
  const counter = { given: 0 };
  async function* stream() {
    for (;;) {
      counter.given += 1;
      yield Buffer.alloc(MIB, " ");
    }
  }
  return { stream: stream(), counter };
}

async function lines(...pieces: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { number, firstByte, bytes } of splitLines(pieces.map((p) => Buffer.from(p)))) {
    found.push(`${number}@${firstByte} ${bytes === undefined ? "(too long)" : String(bytes)}`);
  }
  return found;
}

describe("readWhole", () => {
  it("joins the pieces", async () => {
    expect(String(await readWhole(["a", "b"].map((text) => Buffer.from(text))))).toBe("ab");
  });

  it("stops soon after the limit", async () => {
    const { stream, counter } = endless();
    expect(await readWhole(stream)).toBeUndefined();
    expect(counter.given).toBe(LIMITS.bytes / MIB + 1);
  });
});

describe("splitLines", () => {
  it.each<[string[], string[]]>([
    [[], []],
    [["a"], ["1@0 a"]],
    [["a\n"], ["1@0 a"]],
    [["a\n\nb"], ["1@0 a", "2@2 ", "3@3 b"]],
    [
      ["a", "é\nb", "\n", "c"],
      ["1@0 aé", "2@4 b", "3@6 c"],
    ],
    [["a\r\nb"], ["1@0 a\r", "2@3 b"]],
  ])("%j", async (pieces, expected) => {
    expect(await lines(...pieces)).toEqual(expected);
  });

  it("ends at a line that is too long", async () => {
    const { stream, counter } = endless();
    const sizes: unknown[] = [];
    for await (const { bytes } of splitLines(stream)) sizes.push(bytes?.length);
    expect(sizes).toEqual([undefined]);
    expect(counter.given).toBe(LIMITS.bytes / MIB + 1);
  });
});
