import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/json/fault.ts";
import { JsonText, type TextOrigin } from "../../src/json/text.ts";

type Input = string | Uint8Array;

const bytes = (text: string, ...more: number[]) => new Uint8Array([...Buffer.from(text), ...more]);

function read(input: Input, change: Partial<TextOrigin> = {}): JsonText {
  const encoded = typeof input === "string" ? Buffer.from(input) : input;
  return new JsonText(encoded, { file: "u", firstLine: 1, kind: "usage", ...change });
}

/** Each diagnostic as `line:column code pointer`. */
function found(text: JsonText, diagnostics = text.diagnostics): string[] {
  return diagnostics.map(({ position, code, pointer }) =>
    `${position?.line}:${position?.column} ${code} ${pointer}`.trimEnd(),
  );
}

/** A fault of the value or the key at a JSON Pointer. */
const fault = (pointer: string, at: "key" | "value" = "value") =>
  ({ code: "MS1102", pointer, at, message: "odd" }) as const;

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
    ["with an escape that is none", '{"a": "\\x"}', ["1:7 MS1002"]],
    ["with a leading zero", "[01]", ["1:3 MS1002"]],
    ["with two commas", '{"a": 1,, "b": 2}', ["1:9 MS1002"]],
  ])("%s is reported", (_name, input, expected) => {
    expect(found(read(input))).toEqual(expected);
  });

  it("has the value that JSON.parse makes of it", () => {
    const text = '{"a": [1, -2.5e3, "é\\n", true, null], "b": {"c": {}}, "__proto__": {"x": 1}}';
    const { value, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
    expect(Object.keys(value as object)).toEqual(["a", "b", "__proto__"]);
  });

  it("knows the keys of its object, also where something wrong follows", () => {
    expect(read('{"a": 1}').hasKey("a")).toBe(true);
    expect(read('{"a": 1}\n{"b": 1}').hasKey("a")).toBe(true);
    expect(read('{"a": 1}\n{"b": 1}').hasKey("b")).toBe(false);
    expect(read("x").hasKey("a")).toBe(false);
  });

  it("starts on a later line of its input", () => {
    const at = { firstLine: 7 };
    expect(found(read("", at))).toEqual(["7:1 MS1001"]);
    expect(found(read("{", at))).toEqual(["7:2 MS1003"]);
    expect(found(read(bytes("{\n", 0xff), at))).toEqual(["8:1 MS1005"]);
    const text = read('{"a": 1}', at);
    expect(found(text, text.locate([fault("/a")]))).toEqual(["7:7 MS1102 /a"]);
  });

  it("finds keys and values by their JSON Pointers", () => {
    const text = read('{\n  "a/~": [1, {"": 2}],\n  "é": {"b": 3}\n}');
    const places = [fault("/a~1~0/1/"), fault("/a~1~0", "key"), fault("/é/b", "key"), fault("")];
    expect(found(text, text.locate(places))).toEqual([
      "2:19 MS1102 /a~1~0/1/",
      "2:3 MS1102 /a~1~0",
      "3:9 MS1102 /é/b",
      "1:1 MS1102",
    ]);
    expect(text.locate([fault("/no")])[0]).not.toHaveProperty("position");
  });

  it("shows the text at the place, and the other place of a conflict", () => {
    const text = read('{"a": [1, 1]}');
    const related = [{ pointer: "/a/0", at: "value", message: "the first one is here" }] as const;
    expect(text.locate([{ ...fault("/a/1"), related }])).toMatchObject([
      {
        excerpt: { text: '{"a": [1, 1]}', caret: 10 },
        related: [{ message: "the first one is here", position: { line: 1, column: 8 } }],
      },
    ]);
  });

  it("that nix has just printed has no places: nobody has written it", () => {
    const text = read('{"a": [1, 1]}', { isEvaluated: true });
    const related = [{ pointer: "/a/0", at: "value", message: "the first one is here" }] as const;
    const [found] = text.locate([{ ...fault("/a/1"), related }]);
    expect(found).toEqual({
      ...{ code: "MS1102", severity: "error", file: "u", pointer: "/a/1", message: "odd" },
      related: [{ pointer: "/a/0", message: "the first one is here" }],
    });
  });

  it("of a policy has hints of its own", () => {
    const hint = (input: string) => read(input, { kind: "policy" }).diagnostics[0]?.hint;
    expect(hint("")).toBe("a policy that changes nothing is {}");
    expect(hint("{")).toBe("write one JSON object, without comments and trailing commas");
  });
});

describe("a text that a second reader could not hold", () => {
  it("is nested a million levels deep, and refused at the first level that is too deep", () => {
    expect(found(read("[".repeat(1_000_000)))).toEqual(["1:65 MS1007"]);
    const closed = read("[".repeat(1000) + "]".repeat(1000));
    expect(found(closed, closed.locate([fault("")]))).toEqual(["1:65 MS1007"]);
  });

  it("has millions of values: its faults have no places, and one message says so", () => {
    const text = read(`[${"1,".repeat(LIMITS.tokens / 2)}1]`);
    expect(found(text)).toEqual([]);
    expect(text.locate([fault("/0"), fault("/1")]).map(({ code }) => code)).toEqual(["MS1008"]);
  });
});
