import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fillPart, generate, MODEL_PATHS, PARTS } from "../../src/codegen/generate.ts";
import { MANUAL_OUTPUTS } from "../../src/codegen/manual.ts";
import { FLAKE_OUTPUTS } from "../../src/codegen/policyOptions.ts";
import { policyTable } from "../../src/codegen/reference.ts";
import { POLICY } from "../../src/policy/policy.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const texts = { usage: read(MODEL_PATHS.usage), plan: read(MODEL_PATHS.plan) };
const files = generate(texts);

/** The files that are made from one source, by the notice at their heads. */
function filesFrom(source: string): string[] {
  const notice = `Generated from ${source} by src/codegen: do not edit`;
  const hasNotice = (text: string) => text.split("\n").slice(0, 3).join("\n").includes(notice);
  return [...files].filter(([, text]) => hasNotice(text)).map(([path]) => path);
}

describe("the generated files", () => {
  it.each([...files])("%s is what its source gives", (path, text) => {
    expect(read(path), `${path} is stale: run "npm run codegen"`).toBe(text);
  });

  it("are all that say so by their name", () => {
    const found = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.includes(".generated.") && !/^(?:page|nix)\//.test(name))
      .map((name) => `src/${name}`);
    expect(found.filter((path) => !files.has(path))).toEqual([]);
  });

  it("name their source and say how to change them", () => {
    const sources = [
      ...Object.values(MODEL_PATHS),
      "src/diagnostics/codes.ts",
      ...[...FLAKE_OUTPUTS, ...MANUAL_OUTPUTS].map(({ source }) => source),
    ];
    expect([...new Set(sources)].flatMap(filesFrom).sort()).toEqual([...files.keys()].sort());
  });

  it.each([
    ["usage", "  stateDir: string;\n", "   * @option weather.rain\n   * @readBy it\n"],
    ["plan", "  generation: string;\n", ""],
  ] as const)("follow the %s model: a new property reaches all of them", (model, before, tags) => {
    const property = `  /** Whether it rains.\n${tags}   * @example true\n   */\n  rain: boolean;\n`;
    const text = texts[model].replace(before, (line) => `${line}\n${property}`);
    const changed = generate({ ...texts, [model]: text });
    for (const path of filesFrom(MODEL_PATHS[model]).filter((path) => !path.endsWith(".d.ts"))) {
      expect(changed.get(path), path).toContain("rain");
    }
  });

  it("say of every property of the usage what uses it", () => {
    const page = files.get("docs/usage.md") ?? "";
    const count = (pattern: RegExp) => page.match(pattern)?.length;
    expect(count(/^- Used by: \S/gm)).toBe(count(/^### /gm));
  });
});

describe.each(PARTS)("the generated part of $path", (part) => {
  const page = read(part.path);

  it("is what its source gives, and names it", () => {
    expect(fillPart(part, page), `${part.path} is stale: run "npm run codegen"`).toBe(page);
    expect(page).toContain(`<!-- Generated from ${part.source} by src/codegen: do not edit`);
  });

  it("is replaced between its comments, and leaves the rest of the page alone", () => {
    const [before = "", after = ""] = page.split(part.make());
    expect(fillPart(part, `${before}an old table${after}`)).toBe(page);
  });

  it.each(["", `${page}${page}`])("needs each comment once", (text) => {
    expect(() => fillPart(part, text)).toThrow(`${part.path} needs these two lines, each once`);
  });
});

describe("the table of policies", () => {
  const rain = {
    key: "rain",
    flag: "rain-or-shine",
    kind: "choice",
    values: { umbrella: "stay dry", walk: "get wet" },
    default: "umbrella",
    description: "what to do when it rains",
    takenBy: "program",
  } as const;

  it("has a row for each policy: a new one needs nothing but its row in src/policy/policy.ts", () => {
    const rows = policyTable([...POLICY, rain]).split("\n");
    expect(rows.slice(2, -1).map((row) => /^\| `--(.*?)`/u.exec(row)?.[1])).toEqual(
      POLICY.map(({ flag }) => flag),
    );
    expect(rows.at(-1)).toBe(
      "| `--rain-or-shine` | `umbrella`, `walk` | `umbrella` " +
        "| what to do when it rains<br>`umbrella`: stay dry<br>`walk`: get wet |",
    );
  });
});
