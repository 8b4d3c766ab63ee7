import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FATES } from "../oracle/fates.ts";
import { ROWS } from "../oracle/verdict.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "../..", path), "utf8");

/** The cells of each row of a Markdown table, found by the cells of its head. */
function tableIn(page: string, ...head: readonly string[]): string[][] {
  const [, rows = ""] = read(page).split(
    `| ${head.join(" | ")} |\n| ${head.map(() => "---").join(" | ")} |\n`,
  );
  const lines = rows.split("\n");
  return lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) => line.slice(2, -2).split(" | "));
}

const VERDICTS = Object.keys(FATES);
const DECIDE = read("templates/microvm-sweep/decide.bash");

describe("the verdicts", () => {
  const design = tableIn("docs/design.md", "#", "condition", "verdict").map(([row, , verdict]) => [
    Number(row),
    verdict,
  ]);

  it("of the oracle are those of the design, row by row", () => {
    expect(ROWS.map(([row, , verdict]) => [row, verdict])).toEqual(design);
  });

  it("of decide are those of the design, row by row", () => {
    const [, judge = ""] = /^judge\(\) \{\n(.*?)^\}/ms.exec(DECIDE) ?? [];
    const decided = [...judge.matchAll(/\bdecide (\w+) /g)].map(([, verdict]) => verdict);
    expect(decided).toEqual(design.map(([, verdict]) => verdict));
  });
});

/** Words of the program's table, and what they mean in the design's. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  stop: ["yes"],
  go: ["go"],
  stay: ["stay"],
  yes: ["yes"],
  present: ["where it has units or runs"],
  active: ["where it is active"],
  // What still runs after the stop, act sees.
  "-": ["–", "where it still runs"],
};

describe("what follows from a verdict", () => {
  const design = tableIn(
    "docs/design.md",
    ...["verdict", "stop", "unit files", "holds templates", "says"],
  );

  it("is in the oracle what the design says, row by row", () => {
    const rows = Object.entries(FATES).map(([verdict, { stops, files, holds }]) => [
      verdict,
      stops ? "yes" : "–",
      files,
      holds,
    ]);
    expect(rows).toEqual(design.map((cells) => cells.slice(0, 4)));
  });

  it("is in decide what the design says, row by row", () => {
    const [, table = ""] = /^declare -A fates=\(\n(.*?)^\)/ms.exec(DECIDE) ?? [];
    const rows = [...table.matchAll(/^ +\[(\w+)\]="(.*)"$/gm)].map(
      ([, verdict = "", words = ""]) => [verdict, ...words.trim().split(/ +/)],
    );
    expect(rows.map(([verdict]) => verdict)).toEqual(design.map(([verdict]) => verdict));
    for (const [at, [verdict, ...words]] of rows.entries()) {
      const cells = design[at]?.slice(1, 4) ?? [];
      const isSame = words
        .slice(0, 3)
        .map((word, column) => WORDS[word]?.includes(cells[column] ?? ""));
      expect([verdict, ...isSame]).toEqual([verdict, true, true, true]);
      // One of the two says something of the verdict itself, where the other does.
      const says = design[at]?.[4] !== "–" && verdict !== "orphan";
      expect([verdict, words[3] !== "-"]).toEqual([verdict, says]);
    }
  });

  it("is in docs/plan.md what the oracle says, row by row", () => {
    const rows = tableIn("docs/plan.md", "verdict", "the VM", "what happens");
    expect(rows.map(([verdict]) => verdict)).toEqual(VERDICTS.map((verdict) => `\`${verdict}\``));
    const always = ["foreign", "lingering", "unknown"];
    for (const [at, [verdict, fate]] of Object.entries(FATES).entries()) {
      const happens = rows[at]?.[2] ?? "";
      const told = ["stopped", "unit files go", "named", "nothing"].map((word) =>
        happens.includes(word),
      );
      const goes = fate.files === "go";
      expect([verdict, ...told]).toEqual([
        verdict,
        fate.stops,
        goes,
        always.includes(verdict),
        !goes,
      ]);
    }
  });
});
