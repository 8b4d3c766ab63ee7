import { describe, expect, it } from "vitest";
import { blocksOf, PARTS, read } from "./pages.ts";

const README = read("README.md");
const linesOf = (part: string) =>
  read(`templates/microvm-sweep/${part}.bash`).split("\n").length - 1;

describe("the README", () => {
  it("has at most 150 lines", () => {
    expect(README.split("\n").length - 1).toBeLessThanOrEqual(150);
  });

  it("leads with the commands that install and test it", () => {
    const [first] = blocksOf("README.md");
    const commands = first?.text.split("\n").map((line) => line.split("  ")[0]);
    expect(commands).toEqual(["npm ci && npm start", "npm ci && npm test", ""]);
  });

  it("has the idea in the words of the start page", () => {
    const idea = /^\*\*At a switch .*\*\*$/mu.exec(README)?.[0] ?? "";
    expect(idea).not.toBe("");
    expect(read("docs/README.md")).toContain(`\n${idea}\n`);
  });

  it("says about how many lines run as root", () => {
    const [, act, common] = /about (\d+) lines, with\s+about (\d+) lines/u.exec(README) ?? [];
    expect(Math.abs(Number(act) - linesOf("act"))).toBeLessThanOrEqual(20);
    expect(Math.abs(Number(common) - linesOf("common"))).toBeLessThanOrEqual(20);
  });
});

describe("the security policy", () => {
  it.each(["act", "common", "decide", "check"])("says about how many lines %s has", (part) => {
    const row = new RegExp(`^\\| \\[${part}\\.bash\\]\\(.*?\\) \\| (\\d+) \\|`, "mu");
    const [, lines] = row.exec(read("SECURITY.md")) ?? [];
    expect(Math.abs(Number(lines) - linesOf(part))).toBeLessThanOrEqual(30);
  });

  it("names every part of the program", () => {
    expect(PARTS.filter((part) => !read("SECURITY.md").includes(`${part}.bash`))).toEqual([]);
  });
});

describe("the install page", () => {
  it("shows the flake that the template writes and other tests evaluate", () => {
    const flake = read("examples/live/flake.nix");
    expect(read("docs/install.md")).toContain(`\n\`\`\`nix\n${flake}\`\`\`\n`);
  });
});
