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
  for await (const { number, bytes } of splitLines(pieces.map((p) => Buffer.from(p)))) {
    found.push(`${number} ${bytes === undefined ? "(too long)" : String(bytes)}`);
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
    [["a"], ["1 a"]],
    [["a\n"], ["1 a"]],
    [["a\n\nb"], ["1 a", "2 ", "3 b"]],
    [
      ["a", "é\nb", "\n", "c"],
      ["1 aé", "2 b", "3 c"],
    ],
    [["a\r\nb"], ["1 a\r", "2 b"]],
  ])("%j", async (pieces, expected) => {
    expect(await lines(...pieces)).toEqual(expected);
  });

  it("gives a line that is too long as soon as it is", async () => {
    const { stream, counter } = endless();
    const first = await splitLines(stream).next();
    expect(first.value).toEqual({ number: 1 });
    expect(counter.given).toBe(LIMITS.bytes / MIB + 1);
  });

  it("ends with a line that is too long, which may have no end", async () => {
    const long = Buffer.alloc(LIMITS.bytes + 1, " ");
    const stream = [Buffer.from("a\n"), long, Buffer.from("x\nb\nc")];
    const read: unknown[] = [];
    for await (const { number, bytes } of splitLines(stream)) {
      read.push([number, bytes && Buffer.from(bytes).toString()]);
    }
    expect(read).toEqual([
      [1, "a"],
      [2, undefined],
    ]);
  });
});
