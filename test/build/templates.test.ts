import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { precompileTemplates, writeTemplates } from "../../src/build/templates.js";

/** The module imports handlebars, so it has to lie where Node finds that. */
const root = new URL("../../node_modules/.cache-templates-", import.meta.url).pathname;
let directory: string;

async function load(files: Record<string, string>) {
  const at = await mkdtemp(join(directory, "case-"));
  await mkdir(join(at, "microvm-sweep"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(at, name), text);
  await writeTemplates(at, at);
  const { templates } = await import(pathToFileURL(join(at, "templates.generated.js")).href);
  return templates as Record<string, (view: object) => string>;
}

beforeAll(async () => {
  directory = await mkdtemp(root);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("precompiled templates", () => {
  it("print values as they are, never as HTML", async () => {
    const templates = await load({ "a.hbs": "<{{v}}>\n" });
    expect(templates["a"]?.({ v: `&<>"'\`=` })).toBe(`<&<>"'\`=>\n`);
  });

  it("include each other by file name, at the start of the line", async () => {
    const templates = await load({ "a.hbs": "x\n{{> part-b}}\nz\n", "part-b.hbs": "{{v}}\n" });
    expect(templates["a"]?.({ v: "one\ntwo" })).toBe("x\none\ntwo\nz\n");
  });

  it("do not indent the lines of a value", async () => {
    const templates = await load({ "a.hbs": "x\n  {{> b}}\n", "b.hbs": "{{v}}\n" });
    expect(templates["a"]?.({ v: "one\ntwo" })).toBe("x\n  one\ntwo\n");
  });

  it("throw where the view lacks a field", async () => {
    const templates = await load({ "a.hbs": "{{missing}}" });
    expect(() => templates["a"]?.({})).toThrow(/missing/);
  });

  it("print nothing of what an object inherits", async () => {
    const templates = await load({ "a.hbs": "<{{toString}}>" });
    expect(templates["a"]?.({})).toBe("<>");
  });

  it("cannot call a helper that does not exist", async () => {
    await expect(load({ "a.hbs": "{{shout v}}" })).rejects.toThrow(/templates\/a\.hbs: .*shout/);
  });

  it("name the file of a syntax error", async () => {
    await expect(load({ "bad.hbs": "{{#if x}}" })).rejects.toThrow(/templates\/bad\.hbs: /);
  });

  it("are written in the order of their names, whatever the directory says", async () => {
    const at = await mkdtemp(join(directory, "order-"));
    for (const name of ["b", "a", "c"]) await writeFile(join(at, `${name}.hbs`), name);
    const text = await precompileTemplates(at);
    const names = [...text.matchAll(/^ {2}"(\w)":/gm)].map((match) => match[1]);
    expect(names).toEqual(["a", "b", "c"]);
    expect(text).toContain('from "handlebars/runtime.js"');
  });
});

describe("a Bash program", () => {
  it("has no line of more than 120 columns: people read it before they run it as root", () => {
    const directory = new URL("../../templates/microvm-sweep/", import.meta.url);
    const long = readdirSync(directory).flatMap((file) =>
      readFileSync(new URL(file, directory), "utf8")
        .split("\n")
        .flatMap((line, index) => (line.length > 120 ? [`${file}:${index + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  it("is embedded to the byte, whatever is in it", async () => {
    const at = await mkdtemp(join(directory, "program-"));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what Bash would read
    const text = "a='${b}' `c` \\\\ \"d\" {{e}}\n\u2028é\t\n";
    await mkdir(join(at, "microvm-sweep"));
    await writeFile(join(at, "microvm-sweep/p.bash"), text);
    await writeTemplates(at, at);
    const { programs } = await import(pathToFileURL(join(at, "programs.generated.js")).href);
    expect(programs).toEqual({ p: text });
  });
});
