import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { POLICY, type PolicyRow, REMOVED_SETTINGS } from "../../src/policy/policy.ts";
import { requireTool } from "../support/require.ts";
import { PROGRAM, runCli } from "./support/runCli.ts";
import { temporary } from "./support/temporary.ts";
import { hostWith, usageText } from "./support/usage.ts";

/** Command lines that are refused, and what the message has to say. */
const REFUSED: readonly [line: string, says: RegExp][] = [
  ["", /a command is needed/],
  ["foo", /there is no command foo\n {2}hint: see microvm-sweep --help/],
  ["chek", /did you mean check\?/],
  ["explain MS3103", /explain is a command of sweep-microvms, on the host/],
  ["gne --flake .", /there is no command gne\n {2}hint: did you mean gen\?/],
  ["gen --flake . --impure", /options for nix come last, after --: -- --impure/],
  ["check a.nix --flake . --override-input a b", /after --: -- --override-input/],
  ["gen", /one of --flake and --usage is needed/],
  ["gen --usage u.json --flake .", /exclude each other/],
  ["gen --usage u.json --host a --host b", /--host is given 2 times and takes one value/],
  ["gen --usage u.json --usage u.json", /--usage is given 2 times/],
  ["gen --usage u.json --out a --out b", /--out is given 2 times/],
  ["gen --usage u.json --backend auto --backend service", /--backend is given 2 times/],
  ["gen --diagnostics json --diagnostics text", /--diagnostics is given 2 times/],
  ["gen --usage", /--usage needs a value/],
  ["gen --host", /--host needs a value/],
  ["report", /report needs at least one plan file/],
  ["--quiet report", /report needs at least one plan file/],
  ["completion", /completion needs a shell: bash, zsh or fish/],
  ["gen --usage u.json --unit-files=", /--unit-files takes remove or report\n/],
  [
    "gen --usage u.json --unit-files a\u2028b",
    /--unit-files takes remove or report, not a\\u2028b/,
  ],
  ["completion tcsh", /completion takes bash, zsh or fish, not tcsh/],
  ["gen --usge u.json", /did you mean --usage\?/],
  ["gen --usage u.json --no-quiet", /no-quiet/],
  ["gen --usage u.json --orphans all", /--orphans takes stop, stop-all or report, not all/],
  ["gen --usage u.json --unit-files x", /--unit-files takes remove or report, not x/],
  ["gen --usage u.json --backend x", /--backend takes auto, activation or service, not x/],
  [
    "gen --usage u.json --unit-files x --backend y",
    /--unit-files takes remove or report, not x; --backend takes auto, activation or service, not y/,
  ],
  [
    'gen --usage u.json --unit-files ",Choices:"',
    /--unit-files takes remove or report, not ",Choices:"/,
  ],
  ["gen --usage u.json --keep a b", /Unknown argument: b/],
  ["gen --usage u.json --keep.x a", /Unknown argument: keep\.x/],
  ["gen --usage u.json stray", /Unknown argument: stray/],
  ["gen --usage u.json -- --impure", /only --flake runs/],
  ["gen --flake . --usage-format json", /--usage-format goes with --usage/],
  ["gen --flake=-x --host a", /takes a flake reference/],
  ["gen --flake= --host a", /--flake has no value/],
  ["gen --flake #a", /names no flake/],
  ["gen --flake .#a --host b", /names the host a and --host names b/],
  ["gen --flake .#nixosConfigurations.a", /--flake \.#a\n/],
  ["gen --flake .#nixosConfigurations.hyp-01.config", /--flake \.#hyp-01\n/],
  ['gen --flake .#nixosConfigurations."a.b".config', /--flake \.#a\.b\n/],
  ["gen --flake .#x.y.a.config --attr x.y", /--flake \.#a\n/],
  ["gen --usage u.json --attr x", /--attr goes with --flake/],
  ["gen --flake . --attr=", /--attr has no value/],
  ["expr --attr colmenaHive.nodes", /--attr goes with --for nix-eval-jobs/],
  ["check --usage u.json", /needs the name of the generated file/],
  ["check  --usage u.json", /needs the name of the generated file/],
  ["check a.nix --file b.nix --usage u.json", /two files/],
  ["check a.nix b.nix --usage u.json", /Unknown argument: b\.nix/],
  ["check a.nix --usage u.json --out b.nix", /Unknown argument: out/],
  ["expr --host a --host b", /--host is given 2 times/],
  ["expr --usage-format json-lines", /json-lines is one host a line, so it needs --host/],
  ["expr --usage-format yaml", /--usage-format takes json or json-lines, not yaml/],
  ["schema extra", /schema takes usage or plan, not extra/],
  ["gen --usage u.json --limit -1", /--limit takes a whole number of 0 or more, not -1/],
  ["gen --usage u.json --limit=1e3", /--limit takes a whole number/],
  ["gen --usage u.json --limit 1 --limit 2", /--limit is given 2 times/],
  ["gen --usage u.json --out microvm-sweep", /is the directory of the program/],
  ["gen --usage u.json --valueOf=3", /Unknown argument/],
  ["gen --usage u.json --toString", /Unknown argument/],
  ["--constructor", /Unknown argument/],
  ["gen --hasOwnProperty x", /Unknown argument/],
  ["gen --__proto__", /Unknown argument: ___proto___/],
  ["gen gen", /one command at a time/],
  ["gne", /did you mean gen\?/],
  ["gen --usage=", /--usage has no value/],
  ["gen --usage u.json --out=", /--out has no value/],
  ["gen --usage u.json --host=", /--host has no value/],
  ["gen --usage u.json --config=", /--config has no value/],
  ["check --file= --usage u.json", /--file has no value/],
  ["expr --host=", /--host has no value/],
];

/** Command lines of older releases. */
const REMOVED: readonly [line: string, says: RegExp][] = [
  ...REMOVED_SETTINGS.map(({ flag, instead }): [string, RegExp] => [
    `gen --usage u.json --${flag} x`,
    new RegExp(
      `--${flag} is gone since release 0\\.3\n +hint: ${instead.replaceAll(/[.()]/g, "\\$&")}\n`,
    ),
  ]),
  ["gen --usage u.json --state=archive --keep a", /hint: .*sweep-microvms archive NAME/],
  ["check --usage u.json a.nix --gcroots prune", /--gcroots is gone/],
  ["gen --usage u.json --unit-files delete", /not delete\n +hint: the word is remove now/],
  ["gen --usage u.json --unit-files=quarantine", /not quarantine\n +hint: remove moves/],
];

describe("a command line that makes no sense", () => {
  it.each([...REFUSED, ...REMOVED])("%s", async (line, says) => {
    const cwd = temporary();
    writeFileSync(join(cwd, "u.json"), usageText({ h: hostWith("fw") }));
    const { status, stdout, stderr } = await runCli(line === "" ? [] : line.split(" "), { cwd });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/MS3001/);
    // The words of yargs.
    expect(stderr).not.toMatch(/non-option|arguments following|Invalid values|Choices: /);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });

  it("is told as JSON where that is asked for", async () => {
    const { status, stderr } = await runCli(["gen", "--diagnostics=json", "--foo"]);
    const told = JSON.parse(stderr);
    expect(JSON.stringify(told)).toContain('"MS3001"');
    expect(JSON.stringify(told)).toContain("foo");
    expect(status).toBe(2);
  });

  it("is told under --quiet as well", async () => {
    expect((await runCli(["gen", "--quiet"])).stderr).toMatch(/MS3001/);
  });
});

/** What the help of a command prints on a terminal of a width. */
async function onTerminal(columns: number, command: string): Promise<string> {
  const line = `stty cols ${columns}; '${process.execPath}' '${PROGRAM}' ${command} --help`;
  const words = ["--quiet", "--return", "--command", line, "/dev/null"];
  const { stdout } = await promisify(execFile)("script", words);
  return stdout.replaceAll("\r", "");
}

/** Help in two: the examples are not broken, so that they can be copied. */
function partsOf(help: string): { readonly options: string; readonly examples: string } {
  const [options = "", examples = ""] = help.split("\nExamples:\n");
  return { options, examples: examples.trimEnd() };
}

describe("help and version", () => {
  it.each([
    ["--help"],
    ["-h"],
    ["gen", "--help"],
    ["check", "--help"],
    ["expr", "--help"],
    ["schema", "--help"],
  ])("%s %s goes to standard output, with an example", async (...words) => {
    const { status, stdout, stderr } = await runCli(words.filter((word) => word !== undefined));
    expect(stdout).toMatch(/Examples:\n {2}# .*\n {2}(microvm-sweep|nix) /);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("the help of expr has the one nix command that uses it, whole on its line", async () => {
    const { stdout } = await runCli(["expr", "--help"]);
    expect(stdout).toMatch(
      /^ {2}nix .* eval --json \.#nixosConfigurations --apply "\$\(microvm-sweep expr\)" > usage\.json$/m,
    );
    expect(stdout).toContain("microvm-sweep expr [--host NAME] [--usage-format FORMAT]");
  });

  describe.skipIf(requireTool("script"))("on a terminal", () => {
    it.each(["gen", "check"])(
      "the examples of %s each have a line of their own",
      async (command) => {
        const examples = partsOf(await onTerminal(40, command)).examples.split("\n");
        expect(examples.length).toBeGreaterThan(1);
        for (const [index, line] of examples.entries()) {
          expect(line).toMatch(
            index % 2 === 0 ? /^ {2}# / : new RegExp(`^ {2}microvm-sweep ${command} `),
          );
        }
      },
    );

    const widest = (text: string) => Math.max(...text.split("\n").map(({ length }) => length));

    it.each(["gen", "check", "expr", "schema", "report", "completion"])(
      "%s is as wide as the terminal, and at most 100",
      async (command) => {
        const [at80, at200] = [await onTerminal(80, command), await onTerminal(200, command)];
        expect(widest(partsOf(at80).options)).toBeLessThanOrEqual(80);
        expect(widest(partsOf(at200).options)).toBeLessThanOrEqual(100);
        expect(at200).toBe((await runCli([command, "--help"])).stdout);
        // Every word is there, whatever the width.
        const words = (text: string) => text.split(/\s+/).sort();
        expect(words(at80)).toEqual(words(at200));
      },
    );
  });

  it("of gen says what each value of the policy does, and calls no number a text", async () => {
    const { stdout } = await runCli(["gen", "--help"]);
    const words = stdout.replaceAll(/\s+/g, " ");
    const rows: readonly PolicyRow[] = POLICY;
    for (const row of rows) {
      for (const [value, meaning] of Object.entries(row.kind === "choice" ? row.values : {})) {
        expect(words).toContain(` ${value}: ${meaning}`);
      }
    }
    expect(words).toMatch(/--limit largest number of [^[]* \[default: none\]/);
  });

  it("prints the version of the package", async () => {
    const { version } = (await import("../../package.json", { with: { type: "json" } })).default;
    expect(await runCli(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("speaks English whatever the locale", async () => {
    const env = { LC_ALL: "de_DE.UTF-8", LANG: "de_DE.UTF-8", LANGUAGE: "de" };
    expect((await runCli(["--help"], { env })).stdout).toContain("Commands:");
  });
});
