import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { requireTool } from "../support/require.ts";
import { blocksOf, ROOT, read } from "./pages.ts";

const WORKFLOWS = readdirSync(`${ROOT}/.github/workflows`);

describe("the workflows", () => {
  it("run the commands that the README leads with", () => {
    const [first] = blocksOf("README.md");
    const commands = first?.text.split("\n").map((line) => line.split("  ")[0] ?? "");
    const workflow = read(".github/workflows/ci.yml");
    for (const command of commands?.filter(Boolean) ?? []) {
      expect(workflow).toContain(`- run: ${command}\n`);
    }
  });

  it.skipIf(requireTool("actionlint"))("have no error that actionlint finds", () => {
    const files = WORKFLOWS.map((file) => `.github/workflows/${file}`);
    expect(files).not.toEqual([]);
    const { status, stdout } = spawnSync("actionlint", files, { cwd: ROOT, encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });
});

describe("the issue template", () => {
  it("asks for the plan of the host", () => {
    expect(read(".github/ISSUE_TEMPLATE/bug.md")).toContain("sweep-microvms plan --json\n");
  });
});

it("no text names a tag that does not exist", () => {
  const run = (...words: string[]) => spawnSync("git", words, { cwd: ROOT, encoding: "utf8" });
  const tags = run("tag").stdout.split("\n");
  const pattern = "microvm-sweep(/blob|/tree|/releases/tag)?/v[0-9][^#/ )]*|[?&]ref=v[0-9][^ )&#]*";
  const grep = ["grep", "-o", "-h", "-I", "-E", pattern, "--", "*.md", "*.nix", "*.ts", "*.hbs"];
  const found = run(...grep)
    .stdout.split("\n")
    .filter(Boolean);
  expect(found.filter((text) => !tags.includes(/v[0-9].*/u.exec(text)?.[0] ?? ""))).toEqual([]);
});
