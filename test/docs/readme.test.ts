import { describe, expect, it } from "vitest";
import { blocksOf, read } from "./pages.ts";

const README = read("README.md");

describe("the README", () => {
  it("has at most 200 lines", () => {
    expect(README.split("\n").length - 1).toBeLessThanOrEqual(200);
  });

  it("leads with the commands that install and test it", () => {
    const [first] = blocksOf("README.md");
    const commands = first?.text.split("\n").map((line) => line.split("  ")[0]);
    expect(commands).toEqual(["npm ci && npm start", "npm ci && npm test", ""]);
  });

  it("shows the flake that the template writes and other tests evaluate", () => {
    const nix = blocksOf("README.md").filter(({ language }) => language === "nix");
    expect(nix.map(({ text }) => text)).toEqual([read("examples/live/flake.nix")]);
  });
});
