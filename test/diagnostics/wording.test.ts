import { describe, expect, it } from "vitest";
import { describeValue, didYouMean, nearest, unknownValue } from "../../src/diagnostics/wording.ts";

describe("describeValue", () => {
  it.each<[unknown, string]>([
    [null, "null"],
    [[1], "an array"],
    [{ a: 1 }, "an object"],
    ["a\n", '"a\\n"'],
    [1.5, "1.5"],
    [undefined, "nothing"],
    ["x".repeat(100), `"${"x".repeat(59)}…`],
  ])("%j", (value, expected) => expect(describeValue(value)).toBe(expected));
});

describe("nearest", () => {
  it.each<[string, string[], string | undefined]>([
    ["stateDri", ["stateDir", "autostart"], "stateDir"],
    ["fw", ["wf", "db"], "wf"],
    ["a", ["b"], "b"],
    ["abc", ["xyz"], undefined],
    ["kept", [], undefined],
  ])("%s among %j", (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});

it("didYouMean lists the candidates where none is near, but not hundreds of them", () => {
  expect(didYouMean("stop", ["stpo", "report"])).toBe('did you mean "stpo"?');
  expect(didYouMean("x", ["left", "right"])).toBe('there are "left", "right"');
  expect(didYouMean("x", [])).toBe("there are none");
  const many = Array.from({ length: 30 }, (_, i) => `name-${i}`);
  expect(didYouMean("x", many)).toMatch(/^there are ("name-\d+", ){20}…$/);
});

it("unknownValue says what is expected, and the nearest", () => {
  expect(unknownValue("gest", ["host", "guest"])).toEqual({
    message: 'one of "host", "guest" expected, "gest" found',
    hint: 'did you mean "guest"?',
  });
  expect(unknownValue(2, [1])).toEqual({ message: "1 expected, 2 found" });
});
