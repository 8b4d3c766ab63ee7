import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { parseJson } from "../../src/json/parse.ts";
import {
  locateFaults,
  readText,
  syntaxDiagnostic,
  type TextOrigin,
} from "../../src/json/readText.ts";

type Input = string | Uint8Array;

const ORIGIN: TextOrigin = { file: "u", firstLine: 1, firstByte: 0, kind: "usage" };
const bytes = (text: string, ...more: number[]) => new Uint8Array([...Buffer.from(text), ...more]);

/** Reads a text and returns its value and everything that is reported about it. */
function read(input: Input, change: Partial<TextOrigin> = {}) {
  const origin = { ...ORIGIN, ...change };
  const encoded = typeof input === "string" ? Buffer.from(input) : input;
  const { text, parsed, diagnostics } = readText(encoded, origin);
  const all: Diagnostic[] = [...diagnostics];
  if (text !== undefined && parsed?.syntaxError !== undefined) {
    all.push(syntaxDiagnostic(parsed.syntaxError, text, origin));
  }
  if (text !== undefined) all.push(...locateFaults(parsed?.faults ?? [], text, origin));
  return { value: parsed?.value, diagnostics: all };
}

/** Each diagnostic as `line:column code pointer`. */
function found(input: Input, change?: Partial<TextOrigin>): string[] {
  return read(input, change).diagnostics.map(({ position, code, pointer }) =>
    `${position?.line}:${position?.column} ${code} ${pointer}`.trimEnd(),
  );
}

describe("a JSON text", () => {
  it.each<[string, Input, string[]]>([
    ["that is empty", "", ["1:1 MS1001"]],
    ["of white space", " \n\t\n", ["1:1 MS1001"]],
    ["that is not JSON", "error: no flake", ["1:1 MS1002"]],
    ["with a trailing comma", '{"a": 1,\n}', ["2:1 MS1002"]],
    ["with a comment", '// x\n{"a": 1}', ["1:1 MS1002"]],
    ["with more text after the value", '{\n"a": 1\n}\nx', ["4:1 MS1002"]],
    ["that is cut off in an object", '{"a": 1', ["1:8 MS1003"]],
    ["that is cut off in a string", '{"a": 1,\n  "ho', ["2:3 MS1003"]],
    ["that is cut off after a colon", '{"a":', ["1:6 MS1003"]],
    ["that is cut off in a word", '{"a": tru', ["1:7 MS1003"]],
    ["with a byte order mark", '\ufeff{"a": 1}', ["1:1 MS1004"]],
    ["that is not UTF-8", bytes('{\n"é', 0xff, 0x22), ["2:3 MS1005"]],
    ["with half a character at the end", bytes('{\n"', 0xc3), ["2:2 MS1005"]],
    ["with a key twice", '{\n"a": 1,\n"a": 1,\n"b": {}\n}', ["3:1 MS1006 /a"]],
    ["with a key three times", '{"a": 1, "a": 1, "a": 1}', ["1:10 MS1006 /a", "1:18 MS1006 /a"]],
    ["with a lone surrogate", '{"a": ["\\ud800"]}', ["1:8 MS1011 /a/0"]],
    ["with a NUL character in a key", '{"a/~": {"\\u0000": 1}}', ["1:10 MS1011 /a~1~0/\0"]],
  ])("%s is reported", (_name, input, expected) => {
    expect(found(input)).toEqual(expected);
  });

  it("has a value as JSON.parse reads it, but no inherited keys", () => {
    const text = '{"a": [1, -2.5e3, "é\\n", true, null], "b": {"c": {}}}';
    const { value, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
    const odd = read('{"__proto__": {"x": 1}, "constructor": 2}').value as object;
    expect(Object.keys(odd)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(odd)).toBe(null);
  });

  it("has the last value of a key that occurs twice, and names both places", () => {
    const { value, diagnostics } = read('{"a": 1,\n "a": 2}');
    expect(value).toEqual({ a: 2 });
    expect(diagnostics[0]?.related).toEqual([
      { message: "the first one is here", pointer: "/a", position: { line: 1, column: 2 } },
    ]);
  });

  it("starts on a later line of its input", () => {
    const at = { firstLine: 7, firstByte: 100 };
    expect(found('{"a": 1, "a": 2}', at)).toEqual(["7:10 MS1006 /a"]);
    expect(found("", at)).toEqual(["7:1 MS1001"]);
    expect(found("{", at)).toEqual(["7:2 MS1003"]);
    const { diagnostics } = read(bytes("{", 0xff), at);
    expect(diagnostics[0]?.message).toBe("the input is not UTF-8 at byte offset 101");
  });

  it("of a policy has hints of its own", () => {
    const hint = (input: string) => read(input, { kind: "policy" }).diagnostics[0]?.hint;
    expect(hint("")).toBe("a policy that changes nothing is {}");
    expect(hint("{")).toBe("write one JSON object, without comments and trailing commas");
  });

  it("that is nested a million levels deep is refused at the first level that is too deep", () => {
    expect(found("[".repeat(1_000_000))).toEqual([`1:65 MS1007 ${"/0".repeat(64)}`]);
  });

  it("with more values than the limit is refused, with nothing of its value", () => {
    expect(parseJson("[1, [2]]", 4)).toEqual({ value: [1, [2]], faults: [] });
    const { value, faults } = parseJson("[1, [2]]", 3);
    expect(value).toBeUndefined();
    expect(faults.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(["MS1008 "]);
  });
});
