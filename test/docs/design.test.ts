import { describe, expect, it } from "vitest";
import { MODEL_PATHS } from "../../src/codegen/generate.ts";
import { readModel } from "../../src/codegen/readModel.ts";
import { FAMILIES } from "../../src/microvm/names.ts";
import { read } from "./pages.ts";

/** The verdict of each row of the table in the design. */
const DESIGN = [...read("docs/design.md").matchAll(/^\| (\d+) \| .*? \| (\w+) \|$/gmu)].map(
  ([, number, verdict = ""]) => ({ number: Number(number), verdict }),
);

/** Each verdict once, in the order of its first row. */
const VERDICTS = [...new Set(DESIGN.map(({ verdict }) => verdict))];

const ACT = read("templates/microvm-sweep/act.bash");
const DECIDE = read("templates/microvm-sweep/decide.bash");

/** The rows of a Markdown table, by the heading above it. */
function rowsBelow(page: string, heading: string): readonly string[] {
  const [, section = ""] = read(page).split(`\n## ${heading}\n`);
  return (
    section
      .split("\n## ")[0]
      ?.match(/^\| .*$/gmu)
      ?.slice(2) ?? []
  );
}

describe("the table of verdicts in the design", () => {
  it("numbers its rows from 1", () => {
    expect(DESIGN.map(({ number }) => number)).toEqual(DESIGN.map((_, index) => index + 1));
    expect(DESIGN.length).toBeGreaterThan(0);
  });

  it("has in each row the verdict of the program's row", () => {
    const [, judge = ""] = /^judge\(\) \{\n(.*?)^\}/msu.exec(DECIDE) ?? [];
    const verdicts = [...judge.matchAll(/\bdecide (\w+) /gu)].map(([, verdict]) => verdict);
    expect(DESIGN.map(({ verdict }) => verdict)).toEqual(verdicts);
  });

  it("has the verdicts that the table of the plan shows", () => {
    const [, table = ""] =
      /^table=\(\n(.*?)^\)/msu.exec(read("templates/microvm-sweep/show.bash")) ?? [];
    const shown = [...table.matchAll(/^ +\$'(\w+)\\t/gmu)].map(([, verdict]) => verdict);
    expect(shown.sort()).toEqual([...VERDICTS].sort());
  });

  it("has the verdicts of plan --json", () => {
    const text = read(MODEL_PATHS.plan);
    const { interfaces } = readModel({ path: MODEL_PATHS.plan, text, isExtracted: false });
    const vm = interfaces.find(({ name }) => name === "PlannedVm");
    const type = vm?.properties.find(({ name }) => name === "verdict")?.type;
    expect(type?.kind === "choice" ? type.values : []).toEqual(VERDICTS);
  });

  it("has the verdicts that docs/plan.md explains, and those of the terms", () => {
    const explained = rowsBelow("docs/plan.md", "Verdicts").map((row) => /`(\w+)`/u.exec(row)?.[1]);
    expect(explained).toEqual(VERDICTS);
    const terms = /^- (.*): the verdicts on a name\.$/mu.exec(read("docs/design.md"))?.[1] ?? "";
    const named = terms.split(", ").map((term) => term.replaceAll("*", ""));
    expect(named.sort()).toEqual([...VERDICTS].sort());
  });

  it("has the verdicts that the report colours", () => {
    const css = read("templates/report.css");
    expect(VERDICTS.filter((verdict) => !css.includes(`\n.v-${verdict} {`))).toEqual([]);
  });
});

describe("the lines in docs/plan.md", () => {
  it("are those that the program prints", () => {
    const rows = rowsBelow("docs/plan.md", "Decisions");
    const described = rows.map((row) => /^\| `([a-z]+)/u.exec(row)?.[1]);
    // The heads of the two tables and their lines below are no rows; `say what` is in a message.
    const code = (DECIDE + ACT).replaceAll(/^ *#.*$/gmu, "");
    const said = [...code.matchAll(/\b(?:say|report "[^"]*") ([a-z]+)\b/gu)].map(
      ([, word]) => word,
    );
    const lines = said.filter((word) => word !== "what");
    expect(described.filter(Boolean).sort()).toEqual([...new Set(lines)].sort());
  });
});

describe("the families in the design", () => {
  it("are those of src/microvm/names.ts", () => {
    const [, term = ""] = read("docs/design.md").split("\n- *family*: ");
    const [prefixes = "", beside = ""] = (term.split("\n- *")[0] ?? "").split(" Beside them are");
    const named = [...prefixes.matchAll(/`([a-z-]+)@`/gu)].map(([, prefix]) => prefix);
    expect(named).toEqual(FAMILIES.templatePrefixes);
    const { installPrefix, target } = FAMILIES;
    expect(beside).toContain(`\`${installPrefix}NAME.service\` and \`${target}\``);
  });
});

describe("the exit statuses in the design", () => {
  it("are those of the command line", () => {
    const line =
      /^Exit statuses of the compiler: .*?\.\s/msu.exec(read("docs/design.md"))?.[0] ?? "";
    const [, section = ""] = read("docs/command-line.md").split("\n### Exit status\n");
    const rows = (section.split("\n### ")[0] ?? "").matchAll(/^\| (\d[^|]*?) \|/gmu);
    const statuses = [...rows].map(([, status = ""]) => status.replaceAll(" ", ""));
    expect(statuses.length).toBeGreaterThan(5);
    expect(line.match(/\d+(\+n)?/gu)).toEqual(statuses);
  });
});

describe("the list in docs/why.md for VMs that NixOS 26.05 must not stop", () => {
  it("has every template unit of microvm.nix", () => {
    const block = /^```nix\n([^`]*X-StopOnRemoval[^`]*)^```$/m.exec(read("docs/why.md"))?.[1] ?? "";
    const listed = [...block.matchAll(/"([^"]*)@"/g)].map(([, prefix]) => prefix);
    expect(listed.sort()).toEqual([...FAMILIES.templatePrefixes].sort());
  });
});
