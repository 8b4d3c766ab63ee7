import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EXAMPLES, EXAMPLES_DIRECTORY } from "./examples.ts";
import { isUpdate } from "./golden.ts";

describe("the examples", () => {
  it("are all tested", () => {
    const folders = readdirSync(EXAMPLES_DIRECTORY, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      // The template has the live module in place of a generated one (test/flake).
      .filter((name) => name !== "live");
    expect(EXAMPLES.map(({ name }) => name)).toEqual(expect.arrayContaining(folders));
  });

  it("are written anew on demand, and never under CI", () => {
    expect(isUpdate({})).toBe(false);
    expect(isUpdate({ UPDATE_GOLDEN: "1" })).toBe(true);
    expect(isUpdate({ CI: "true" })).toBe(false);
    expect(() => isUpdate({ CI: "true", UPDATE_GOLDEN: "1" })).toThrow(/refused under CI/u);
  });
});
