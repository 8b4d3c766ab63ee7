import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CODE_GROUPS, CODES } from "../../src/diagnostics/codes.ts";

const root = new URL("../..", import.meta.url).pathname;

function read(path: string): string {
  return readFileSync(`${root}/${path}`, "utf8");
}

/** All TypeScript in a folder, without the table of codes and this file. */
function sources(directory: string): string {
  return readdirSync(`${root}/${directory}`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/codes(\.test)?\.ts$/u.test(path))
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
    const isRaised = raised.includes(`"${code}"`);
    expect(isRaised, `no file of src raises ${code}: write the check that reports it`).toBe(true);
  });

  it("is tested somewhere", () => {
    const isTested = tested.includes(code);
    expect(isTested, `no file of test names ${code}: write a test that expects it`).toBe(true);
  });
});

const SEVERAL_HOSTS = "it is about a document of several hosts";

/** The codes of hosts, names and policies that the live module does not have, and why. */
const NOT_OF_LIVE_MODULE: Readonly<Record<string, string>> = {
  MS1201: SEVERAL_HOSTS,
  MS1202: SEVERAL_HOSTS,
  MS1203: SEVERAL_HOSTS,
  MS1204: "a guest may import the module, which then does nothing",
  MS1207: SEVERAL_HOSTS,
  MS1208: "NixOS is for Linux only",
  MS1209: SEVERAL_HOSTS,
  MS1210: "the live module reads the options itself, and needs those of microvm.nix 0.4",
  MS1308: "the assertion is among the hooks, in templates/page.hbs",
};

describe.each(Object.keys(CODES).filter((code) => /^MS1[23]/u.test(code)))("%s", (code) => {
  it("is checked by the live module too, or there is a reason", () => {
    const isChecked = read("src/flake/diagnostics.nix").includes(code);
    const where = `check ${code} in src/flake/diagnostics.nix too, or say in test/diagnostics/codes.test.ts why not`;
    expect(isChecked !== code in NOT_OF_LIVE_MODULE, where).toBe(true);
  });
});
