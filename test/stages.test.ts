import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const src = new URL("../src", import.meta.url).pathname;

/** The folders of src with TypeScript, and the pipeline. Each may import itself and those before it (design, "Shape of the code"). */
const STAGES = [
  "diagnostics",
  "json",
  "microvm",
  "usage",
  "policy",
  "page",
  "compile.ts",
  "plan",
  "fleet",
  "nix",
  "build",
  "cli",
  // Writes the reference and the manual of all others.
  "codegen",
];

/** The stages that the files of a stage import, each as `file: stage`. */
function importsOf(stage: string): string[] {
  const names = stage.endsWith(".ts")
    ? [""]
    : readdirSync(join(src, stage), { recursive: true, encoding: "utf8" });
  const files = names
    .map((name) => join(src, stage, name))
    .filter((file) => /\.(ts|js)$/.test(file));
  return files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^(?:import|export) [^;]*?from "(\.[^"]+)"/gm)]
      .map(([, path = ""]) => relative(src, join(dirname(file), path)))
      .filter((path) => !path.startsWith(".."))
      .map((path) => `${relative(src, file)}: ${path.split("/")[0]}`),
  );
}

describe("the stages of src", () => {
  it("are all its folders with TypeScript", () => {
    const entries = readdirSync(src, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const folders = names.filter((name) =>
      readdirSync(join(src, name), { recursive: true, encoding: "utf8" }).some((file) =>
        file.endsWith(".ts"),
      ),
    );
    const pipeline = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect([...folders, ...pipeline].sort()).toEqual([...STAGES].sort());
  });

  it("are listed in the design in this order", () => {
    const design = readFileSync(join(src, "../docs/design.md"), "utf8");
    const [, table = ""] = design.split("\n| stage | holds |\n");
    const rows = (table.split("\n\n")[0] ?? "").matchAll(/^\| `src\/([\w.]+)` \|/gmu);
    expect([...rows].map(([, stage]) => stage)).toEqual(STAGES);
  });

  it.each(STAGES)("%s imports no later stage", (stage) => {
    const allowed = STAGES.slice(0, STAGES.indexOf(stage) + 1);
    const later = importsOf(stage).filter((entry) => !allowed.includes(entry.split(": ")[1] ?? ""));
    expect(later).toEqual([]);
  });

  it("are read from real imports", () => {
    expect(importsOf("usage")).toContain("usage/readHosts.ts: json");
  });
});
