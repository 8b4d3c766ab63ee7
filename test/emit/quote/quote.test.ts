import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { bashWord } from "../../../src/emit/quote/bashWord.ts";
import { bashWords } from "../../../src/emit/quote/bashWords.ts";
import { nixComment } from "../../../src/emit/quote/nixComment.ts";
import { nixIndentedString } from "../../../src/emit/quote/nixIndentedString.ts";
import { nixString } from "../../../src/emit/quote/nixString.ts";
import { nixStringList } from "../../../src/emit/quote/nixStringList.ts";
import { shellCommand } from "../../../src/emit/quote/shellCommand.ts";
import { splitCommand } from "../../../src/emit/quote/splitCommand.ts";
import { requireTool } from "../../support/require.ts";
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
    const print = texts.map((text) => `printf '%s\\0' ${bashWord(text)}\n`).join("");

    it.each([
      ["in the C locale", "", { LC_ALL: "C" }],
      ["in UTF-8", "", { LC_ALL: "C.UTF-8" }],
      ["under strict options", "set -euf -o pipefail -o posix\n", { LC_ALL: "C" }],
      ["with globs that vanish", "shopt -s nullglob extglob dotglob\n", { LC_ALL: "C" }],
      ["with an odd IFS", "IFS='a0 '\n", { LC_ALL: "C" }],
    ])("come back as an argument %s", (_name, prelude, env) => {
      expect(firstDifference(texts, runBash(prelude + print, env))).toBeUndefined();
    });

    it("come back from an array", () => {
      const script = `shopt -s nullglob\nall=(${bashWords(texts)})\nprintf '%s\\0' "\${all[@]}"\n`;
      expect(firstDifference(texts, runBash(script))).toBeUndefined();
    });

    it("come back from an assignment", () => {
      const script = texts.map((text) => `x=${bashWord(text)}\nprintf '%s\\0' "$x"\n`).join("");
      expect(firstDifference(texts, runBash(script))).toBeUndefined();
    });

    it("come back from a command line that is pasted", () => {
      const script = texts.map((text) => `${shellCommand(["printf", "%s\\0", text])}\n`).join("");
      expect(firstDifference(texts, runBash(script))).toBeUndefined();
    });
  });

  it("come back from a command line that is split, next to what looks like an escape", () => {
    const back = texts.map((text) => splitCommand(shellCommand(["printf", text]))?.[1] ?? "none");
    expect(firstDifference(texts, back)).toBeUndefined();
    expect(splitCommand(shellCommand(texts))).toEqual(texts);
    const odd = ["\\000\t", "\\\\101\n", "\t\\'\\011'"];
    expect(splitCommand(shellCommand(odd))).toEqual(odd);
  });

  it("make words without a raw control character", () => {
    for (const text of texts) expect(bashWord(text)).not.toMatch(/[\u0000-\u001f\u007f]/);
  });

  describe.skipIf(requireTool("nix-instantiate"))("through Nix", () => {
    it("come back from a string", () => {
      const found = evaluate(`[\n${texts.map((text) => `${nixString(text)}\n`).join("")}]`);
      expect(firstDifference(texts, found as string[])).toBeUndefined();
    });

    it("come back from a list", () => {
      const found = evaluate(nixStringList(texts, ""));
      expect(firstDifference(texts, found as string[])).toBeUndefined();
    });

    it("come back from the lines of an indented string", () => {
      const items = texts.map((text) => `''\n${nixIndentedString(`|${text}`, "      ")}\n    ''\n`);
      const found = evaluate(`[\n${items.join("")}]`) as string[];
      const given = texts.map((text) => `|${text}\n`);
      expect(firstDifference(given, found)).toBeUndefined();
    });

    it("come back from the middle of a line of an indented string", () => {
      const items = texts
        .filter((text) => !/[\n\r]/.test(text))
        .map((text) => [`<${text}> end\n`, `''\n  <${nixIndentedString(text, "")}> end\n''\n`]);
      const found = evaluate(`[\n${items.map(([, source]) => source).join("")}]`) as string[];
      expect(
        firstDifference(
          items.map(([given]) => given ?? ""),
          found,
        ),
      ).toBeUndefined();
    });

    it("cannot leave a comment", () => {
      const comments = texts.map((text) => `# ${nixComment(text)}\n`).join("");
      expect(evaluate(`${comments}"the only value"`)).toBe("the only value");
    });

    it("come back from Bash in Nix", () => {
      const script = `(\n${texts.map((text) => `printf '%s\\0' ${bashWord(text)}\n`).join("")})\n`;
      const evaluated = evaluate(`''\n${nixIndentedString(script.trimEnd(), "  ")}\n''`) as string;
      expect(evaluated).toBe(script);
      expect(firstDifference(texts, runBash(evaluated))).toBeUndefined();
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
    expect(() => nixIndentedString(text, "")).toThrow(/report/);
  });
});

describe("a command line that is not ours", () => {
  it.each([
    "gen; reboot",
    "gen  --host a",
    " gen",
    "gen ",
    "gen 'a",
    "gen $'a",
    "gen $'\\x41'",
    "gen $'a'",
    "gen $'\\000'",
    "gen $'\\377'",
    "gen 'a'",
    "gen a'b c'",
    "gen $HOME",
    "gen $(reboot)",
    "gen `reboot`",
    "gen ~",
    "gen *",
    'gen "a b"',
    "gen a\\ b",
    "gen\treboot",
    "gen\nreboot",
    "gen > file",
    "gen #",
  ])("is not split: %j", (line) => {
    expect(splitCommand(line)).toBeUndefined();
  });
});
