import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { bashWord, comment, nixList, nixString, shellCommand } from "../../src/page/quote.ts";
import { requireTool } from "../support/require.ts";
import { payloads, samples } from "./hostileText.ts";
import { evaluate, firstDifference, runBash } from "./readBack.ts";

const COUNT = 10_000;
const seed = Number(process.env["QUOTE_SEED"] ?? Date.now() % 2 ** 31);
const canary = join(tmpdir(), `microvm-sweep-canary-${process.pid}`);
const texts = [...payloads(canary), "", ...samples(COUNT, seed)];

afterEach(() => {
  const escaped = existsSync(canary);
  rmSync(canary, { force: true });
  expect(escaped, "a payload was executed").toBe(false);
});

describe(`${texts.length} hostile texts, QUOTE_SEED=${seed}`, () => {
  describe.skipIf(requireTool("bash"))("through Bash", () => {
    it.each([
      ["in the C locale", "", { LC_ALL: "C" }],
      ["in UTF-8", "", { LC_ALL: "C.UTF-8" }],
      ["under strict options", "set -euf -o pipefail -o posix\n", { LC_ALL: "C" }],
      ["with globs that vanish", "shopt -s nullglob extglob dotglob\n", { LC_ALL: "C" }],
      ["with an odd IFS", "IFS='a0 '\n", { LC_ALL: "C" }],
    ])("come back as arguments of a command %s", (_name, prelude, env) => {
      const print = texts.map((text) => `${shellCommand(["printf", "%s\\0", text])}\n`).join("");
      expect(firstDifference(texts, runBash(prelude + print, env))).toBeUndefined();
    });
  });

  it("make words without a raw control character", () => {
    for (const text of texts) expect(bashWord(text)).not.toMatch(/[\u0000-\u001f\u007f]/);
  });

  describe.skipIf(requireTool("nix-instantiate"))("through Nix", () => {
    it("come back from a list", () => {
      const found = evaluate(nixList(texts, ""));
      expect(firstDifference(texts, found as string[])).toBeUndefined();
    });

    it("cannot leave a comment", () => {
      const comments = texts.map((text) => `# ${comment(text)}\n`).join("");
      expect(evaluate(`${comments}"the only value"`)).toBe("the only value");
    });
  });
});

describe("what no file can hold", () => {
  it.each([
    ["NUL", "a\0b"],
    ["a lone surrogate", "a\ud800b"],
    ["a lone low surrogate", "\udc00"],
  ])("is refused: %s", (_name, text) => {
    for (const quote of [bashWord, nixString]) expect(() => quote(text)).toThrow(/report/);
    expect(comment(text)).toSatisfy(
      (shown: string) => !shown.includes("\0") && shown.isWellFormed(),
    );
  });
});
