import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CODE_GROUPS, CODES } from "../../src/diagnostics/codes.ts";

const root = new URL("../..", import.meta.url).pathname;

function read(path: string): string {
  return readFileSync(`${root}/${path}`, "utf8");
}

/** All TypeScript in a folder, without the table of codes. */
function sources(directory: string): string {
  return readdirSync(`${root}/${directory}`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith("codes.ts"))
    .map((path) => read(`${directory}/${path}`))
    .join("\n");
}

const raised = sources("src");
const tested = sources("test");

it("the page of codes lists every code in its group, with its meaning and what to do", () => {
  const rows = read("docs/diagnostics.md").matchAll(/^\| (MS\d{4}) *\| (.*?) *\| (.*?) *\|$/gm);
  const entries = [...rows].map(([, code, title, remedy]) => [code, { title, remedy }]);
  expect(entries).toEqual(Object.entries(CODES));
  const headings = read("docs/diagnostics.md").matchAll(/^## (.*)$/gm);
  expect([...headings].map(([, heading]) => heading)).toEqual(Object.values(CODE_GROUPS));
});

describe.each(Object.keys(CODES))("%s", (code) => {
  it("is raised somewhere", () => {
    expect(raised.includes(`"${code}"`)).toBe(true);
  });

  it("is tested somewhere", () => {
    expect(tested.includes(code)).toBe(true);
  });
});
