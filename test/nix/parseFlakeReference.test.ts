import { describe, expect, it } from "vitest";
import { parseFlakeReference } from "../../src/nix/parseFlakeReference.ts";

describe("parseFlakeReference", () => {
  it.each([
    [".", { flake: "." }],
    [".#", { flake: "." }],
    [".#a", { flake: ".", fragment: "a" }],
    ["#a", { flake: "", fragment: "a" }],
    ["git+https://h/r?ref=x#a.b", { flake: "git+https://h/r?ref=x", fragment: "a.b" }],
    [".#a#b", { flake: ".", fragment: "a#b" }],
    [".#a%20b", { flake: ".", fragment: "a b" }],
    [".#100%", { flake: ".", fragment: "100%" }],
  ])("%s", (reference, parts) => {
    expect(parseFlakeReference(reference)).toEqual(parts);
  });
});
