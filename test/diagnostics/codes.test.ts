import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CODES } from "../../src/diagnostics/codes.ts";

const root = new URL("../..", import.meta.url).pathname;

function read(path: string): string {
  return readFileSync(`${root}/${path}`, "utf8");
}

/** All of our TypeScript below a folder, the table itself left out. */
function sources(directory: string): string {
  return readdirSync(`${root}/${directory}`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith("codes.ts"))
    .map((path) => read(`${directory}/${path}`))
    .join("\n");
}

const raised = sources("src");
const tested = sources("test");

describe("the page of codes", () => {
  const rows = new Map(
    [...read("src/diagnostics/README.md").matchAll(/^\| (MS\d{4}) *\| (.*?) *\| (.*?) *\|$/gm)].map(
      ([, code, title, remedy]) => [code ?? "", { title, remedy }],
    ),
  );

  it("lists every code with what it means and what to do, and no other", () => {
    expect(Object.fromEntries(rows)).toEqual(CODES);
  });
});

describe.each(Object.keys(CODES))("%s", (code) => {
  it("is raised somewhere", () => {
    expect(raised.includes(`"${code}"`)).toBe(true);
  });

  it("is tested somewhere", () => {
    expect(tested.includes(code)).toBe(true);
  });
});
