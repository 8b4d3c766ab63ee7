import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { release } from "../../src/page/program.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "microvm-sweep-package-"));
const source = mkdtempSync(join(tmpdir(), "microvm-sweep-source-"));
afterAll(() => {
  for (const directory of [project, source]) rmSync(directory, { recursive: true, force: true });
});

/** Copies the repository without what is installed or built: packing builds, while other tests run the program. */
function copySource(): void {
  const isMade = (path: string) => /\/(?:node_modules|dist|dist-docs|\.git)$/.test(path);
  cpSync(root, source, { recursive: true, filter: (path) => !isMade(path) });
  symlinkSync(join(root, "node_modules"), join(source, "node_modules"));
}

function run(command: string, args: readonly string[], cwd = project): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

const installed = (path: string) => join(project, "node_modules/microvm-sweep", path);
const usage = join(root, "examples/usage.json");

/** What a user of the library writes. */
const CONSUMER = `import { readFile } from "node:fs/promises";
import { compile, type Host, parseUsage, type PolicySettings } from "microvm-sweep";

const parsed = await parseUsage(await readFile(${JSON.stringify(usage)}), { host: "one-host" });
const host: Host | undefined = parsed.host?.host;
const policy: PolicySettings = { orphans: "report", keep: ["lab"] };
const { page, program, diagnostics } = compile(parsed, policy);
// @ts-expect-error: a policy has no such value
compile(parsed, { orphans: "all" });
const wrong = await parseUsage("{}");
console.log(JSON.stringify({
  page, program: Object.fromEntries(program), vms: Object.keys(host?.vms ?? {}),
  codes: diagnostics.map(({ code }) => code), wrong: { diagnostics: wrong.diagnostics.length > 0, page: compile(wrong).page ?? null },
  unknown: compile(parsed, JSON.parse('{"orphan":1}')).diagnostics.map(({ code }) => code),
}));
`;

describe("the package", () => {
  beforeAll(() => {
    const args = ["pack", "--silent", "--pack-destination", project];
    copySource();
    const tarball = run("npm", args, source).trim().split("\n").at(-1) ?? "";
    writeFileSync(join(project, "package.json"), '{ "type": "module", "private": true }\n');
    const quiet = ["--no-audit", "--no-fund", "--silent", "--prefer-offline"];
    run("npm", ["install", ...quiet, join(project, tarball)]);
  });

  it("runs: npx microvm-sweep", () => {
    expect(run("npx", ["microvm-sweep", "--version"])).toBe(`${release()}\n`);
    const gen = [
      "microvm-sweep",
      "gen",
      "--usage",
      usage,
      "--host",
      "one-host",
      "--out",
      "page.nix",
    ];
    run("npx", gen);
    expect(readdirSync(project)).toEqual(expect.arrayContaining(["page.nix", "microvm-sweep"]));
  });

  it("needs no other package: what it uses is in its bundles", () => {
    const manifest = JSON.parse(readFileSync(installed("package.json"), "utf8"));
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    expect(readdirSync(join(project, "node_modules")).sort()).toEqual([
      ".bin",
      ".package-lock.json",
      "microvm-sweep",
    ]);
    const repository = (name: string) => readFileSync(join(source, name), "utf8");
    expect(repository("package.json")).toBe(readFileSync(join(root, "package.json"), "utf8"));
  });

  it("brings the manual page, and no test and no source", () => {
    const { man } = JSON.parse(readFileSync(installed("package.json"), "utf8"));
    for (const page of man) expect(readFileSync(installed(page), "utf8")).toContain(".SH NAME");
    expect(readdirSync(installed("")).sort()).toEqual(
      ["CHANGELOG.md", "LICENSE", "README.md", "dist", "docs", "package.json", "share"].sort(),
    );
  });

  it("brings every picture that a page of its documentation shows", () => {
    const pages = readdirSync(installed("docs")).filter((name) => name.endsWith(".md"));
    const pictures = pages.flatMap((page) => {
      const text = readFileSync(installed(`docs/${page}`), "utf8");
      return [...text.matchAll(/!\[[^\]]*\]\(([^)#]+)\)/g)].map(([, path = ""]) => path);
    });
    expect(pictures.length).toBeGreaterThan(1);
    expect(pictures.filter((path) => !existsSync(installed(`docs/${path}`)))).toEqual([]);
  });

  it("has no fault that publint knows", () => {
    expect(
      run(join(root, "node_modules/.bin/publint"), ["--strict", "--pack", "false", installed("")]),
    ).toContain("All good");
  });

  it.each(["nodenext", "bundler"])("has types that a strict program takes: %s", (resolution) => {
    writeFileSync(join(project, "consumer.ts"), CONSUMER);
    const options = {
      strict: true,
      target: "es2022",
      noEmit: true,
      skipLibCheck: false,
      noUncheckedIndexedAccess: true,
      module: resolution === "bundler" ? "preserve" : resolution,
      moduleResolution: resolution,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    };
    // The documentation shows one too.
    const page = readFileSync(join(root, "docs/command-line.md"), "utf8");
    writeFileSync(join(project, "shown.ts"), /^```ts\n(.*?)^```$/msu.exec(page)?.[1] ?? "?");
    const config = { compilerOptions: options, files: ["consumer.ts", "shown.ts"] };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
    expect(run(join(root, "node_modules/.bin/tsc"), ["--project", project])).toBe("");
  });

  it("compiles as a library what the command compiles", () => {
    writeFileSync(join(project, "consumer.ts"), CONSUMER);
    const result = JSON.parse(run(join(root, "node_modules/.bin/tsx"), ["consumer.ts"]));
    const command = "--host one-host --orphans report --keep lab".split(" ");
    const page = run("npx", ["microvm-sweep", "gen", "--usage", usage, ...command]);
    const data = (text: string) =>
      text.split("\n").filter((line) => !line.includes("microvm-sweep gen"));
    expect(data(result.page)).toEqual(data(page));
    expect(result).toMatchObject({
      wrong: { diagnostics: true, page: null },
      unknown: ["MS1102"],
    });
    const directory = join(root, "templates/microvm-sweep");
    const files = readdirSync(directory).map((name) => [
      `microvm-sweep/${name}`,
      readFileSync(join(directory, name), "utf8"),
    ]);
    expect(result.program).toEqual(Object.fromEntries(files));
  });
});
