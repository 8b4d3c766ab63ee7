import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PROGRAM } from "../cli/support/runCli.ts";
import { temporary } from "../cli/support/temporary.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const meta = JSON.parse(readFileSync(join(root, "dist/meta.json"), "utf8"));
const inputs = Object.keys(meta.inputs);
const outputs: Readonly<
  Record<string, { imports: { path: string; external?: boolean; kind: string }[] }>
> = meta.outputs;

/** What only the build may load (docs/design.md, "The usage document"). */
const BUILD_ONLY: readonly [name: string, path: RegExp][] = [
  ["ts-morph", /node_modules\/(ts-morph|@ts-morph)\//],
  ["TypeScript", /node_modules\/(typescript|@typescript|tsx|esbuild)\//],
  ["ajv's compiler", /node_modules\/ajv\/dist\/(?!runtime\/)/],
  ["Handlebars' compiler", /node_modules\/handlebars\/.*compiler/],
  ["source maps of Handlebars", /node_modules\/source-map\//],
  ["the code generator", /src\/(codegen|build)\//],
];

describe("the bundle", () => {
  it("has our program in it", () => {
    expect(inputs).toContain("src/cli/main.ts");
    expect(inputs).toContain("src/page/templates.generated.js");
    expect(inputs.some((path) => path.includes("node_modules/handlebars/"))).toBe(true);
  });

  it.each(BUILD_ONLY)("has nothing of %s in it", (_name, path) => {
    expect(inputs.filter((input) => path.test(input))).toEqual([]);
  });

  it("imports nothing at run time but Node's own modules", () => {
    const foreign = Object.values(outputs)
      .flatMap(({ imports }) => imports)
      .filter(({ external }) => external === true)
      .map(({ path }) => path.replace(/^node:/, ""))
      .filter((path) => !process.getBuiltinModule(path));
    expect(foreign).toEqual([]);
  });

  it("loads nix, a diff and the report only where they are needed", () => {
    const atStart = new Set<string>();
    const load = (file: string) => {
      if (atStart.has(file)) return;
      atStart.add(file);
      const { imports = [] } = outputs[file] ?? {};
      for (const { path, kind } of imports) if (kind === "import-statement") load(path);
    };
    load("dist/microvm-sweep.js");
    const loaded = [...atStart].flatMap((file) => Object.keys(meta.outputs[file]?.inputs ?? {}));
    expect(loaded).toContain("src/cli/main.ts");
    expect(
      loaded.filter((path) =>
        /node_modules\/(diff|jsonc-parser|handlebars)|src\/(plan|usage|nix\/evaluate)/.test(path),
      ),
    ).toEqual([]);
  });

  it("starts with Node's name, and may be executed", () => {
    expect(readFileSync(PROGRAM, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(PROGRAM).mode & 0o111).toBe(0o111);
  });

  it("names no path of the machine that built it", () => {
    for (const file of Object.keys(outputs)) {
      expect(readFileSync(join(root, file), "utf8"), file).not.toContain(root);
    }
  });

  it("runs alone, where there are no packages", () => {
    const directory = temporary();
    const program = join(directory, "program.mjs");
    copyFileSync(PROGRAM, program);
    cpSync(join(dirname(PROGRAM), "chunks"), join(directory, "chunks"), { recursive: true });
    copyFileSync(join(root, "package.json"), join(directory, "package.json"));
    expect(existsSync(join(directory, "node_modules"))).toBe(false);
    const { status, stderr } = spawnSync(process.execPath, [program, "gen", "--help"], {
      cwd: directory,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
