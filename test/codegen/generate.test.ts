import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { generate, MODEL_PATH } from "../../src/codegen/generate.ts";
import { extractDocument, extractHost, extractHostLine } from "../../src/nix/extract.generated.ts";
import { requireTool } from "../support/require.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const modelText = readFileSync(join(root, MODEL_PATH), "utf8");
const files = generate(modelText);

describe("the generated files", () => {
  it.each([...files])("%s is what the model gives", (path, text) => {
    const stale = `${path} is stale: run "npm run codegen"`;
    expect(readFileSync(join(root, path), "utf8"), stale).toBe(text);
  });

  it.each(["src/usage", "src/nix"])(
    "%s has no generated file that the model does not give",
    (at) => {
      const found = readdirSync(join(root, at)).filter((name) => name.includes(".generated."));
      expect(found.filter((name) => !files.has(`${at}/${name}`))).toEqual([]);
    },
  );

  it.each([...files])("%s names its source and says that it is generated", (_path, text) => {
    const head = text.split("\n").slice(0, 3).join("\n");
    expect(head).toContain("Generated from src/usage/model.ts by src/codegen: do not edit");
  });

  it("are the same whenever they are generated from the same text", () => {
    expect(generate(modelText)).toEqual(files);
  });

  it("follow the model: a new property reaches schema, validator, extractor and reference", () => {
    const property =
      "  /** Whether it rains.\n   *\n   * @option weather.rain\n   * @default false\n   * @example true\n   */\n  rain: boolean;\n";
    const changed = generate(
      modelText.replace("  stateDir: string;\n", (line) => `${line}\n${property}`),
    );
    for (const path of files.keys()) {
      if (path.endsWith(".d.ts")) continue;
      expect(changed.get(path), path).toContain("rain");
    }
    expect(changed.get("src/nix/extract.generated.nix")).toContain(
      "  # Whether it rains.\n  rain = config.weather.rain or false;\n",
    );
  });

  it("hold the same extractor as a file and as text", () => {
    const [, ...lines] = (files.get("src/nix/extract.generated.nix") ?? "").split("\n");
    expect(lines.join("\n")).toBe(extractHost);
  });
});

describe.skipIf(requireTool("nixfmt"))("the generated Nix", () => {
  it.each(Object.entries({ extractHost, extractDocument, extractHostLine }))(
    "%s is in the format of nixfmt",
    (_name, text) => {
      const { status, stdout, stderr } = spawnSync("nixfmt", ["-"], {
        input: text,
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toBe(text);
    },
  );
});
