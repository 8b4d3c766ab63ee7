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

describe("the install page", () => {
  it("shows the same flake, and the same list of what is never touched", () => {
    const install = read("docs/install.md");
    expect(install).toContain(`\n\`\`\`nix\n${read("examples/live/flake.nix")}\`\`\`\n`);
    const [, list = ""] = /^## What it never touches\n\n(.*?)\n\n/msu.exec(README) ?? [];
    expect(list).toMatch(/^- A VM/u);
    expect(install).toContain(`## What it never touches\n\n${list}\n\n`);
  });
});
