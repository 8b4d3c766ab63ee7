import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { ROOT, read } from "./pages.ts";

it("the code cites sections of the design that exist", () => {
  const sections = new Set([...read("docs/design.md").matchAll(/^## (.*)$/gmu)].map((m) => m[1]));
  const grep = [
    "grep",
    "-o",
    "--no-color",
    "-I",
    "-E",
    '(design(\\.md)?,) "[^"]+"',
    "--",
    "src",
    "templates",
    "test",
  ];
  const { stdout } = spawnSync("git", grep, { cwd: ROOT, encoding: "utf8" });
  const citations = stdout.split("\n").filter(Boolean);
  expect(citations.length).toBeGreaterThan(0);
  expect(citations.filter((line) => !sections.has(/"(.*)"/u.exec(line)?.[1]))).toEqual([]);
});
