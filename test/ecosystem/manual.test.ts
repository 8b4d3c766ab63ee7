import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { HOST_COMMAND } from "../../src/codegen/manual.ts";
import { EXIT } from "../../src/diagnostics/failure.ts";
import { programFiles, release } from "../../src/page/program.ts";
import { runCli } from "../cli/support/runCli.ts";
import { requireTool } from "../support/require.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const COMPILER = join(root, "share/microvm-sweep/man/man1/microvm-sweep.1");
const HOST = join(root, "share/sweep-microvms/man/man8/sweep-microvms.8");

/** What man(1) shows of a file, on wide paper so that no word is broken. */
function man(file: string): { readonly text: string; readonly warnings: string } {
  const env = { ...process.env, MANWIDTH: "300", MANROFFOPT: "", LC_ALL: "C.UTF-8" };
  const { stdout, stderr } = spawnSync("man", ["--warnings", "-l", file], {
    env,
    encoding: "utf8",
  });
  return { text: stdout, warnings: stderr };
}

describe.skipIf(requireTool("man"))("the manual pages", () => {
  it.each([COMPILER, HOST])("%s is shown without a warning, with its release", (file) => {
    const { text, warnings } = man(file);
    expect(warnings).toBe("");
    expect(text).toContain(`microvm-sweep ${release()}`);
    for (const section of [
      "NAME",
      "SYNOPSIS",
      "DESCRIPTION",
      "EXIT STATUS",
      "EXAMPLES",
      "SEE ALSO",
    ]) {
      expect(text).toMatch(new RegExp(`^${section}$`, "m"));
    }
  });

  it.each(COMMANDS.map(({ name }) => name))(
    "have every option of %s as the help has it",
    async (name) => {
      const { text } = man(COMPILER);
      const { stdout } = await runCli([name, "--help"]);
      const options = [...stdout.matchAll(/^ +(?:-h, )?(--[a-z-]+) +(\S.*?)(?: {2,}|$)/gm)];
      expect(options.length).toBeGreaterThan(4);
      const words = text.replaceAll(/\s+/g, " ");
      expect(
        options.map(([, option = ""]) => option).filter((one) => !words.includes(one)),
      ).toEqual([]);
    },
  );
});

it("the manual has every exit status, and no other", () => {
  const text = readFileSync(join(root, "templates/microvm-sweep.1.md"), "utf8");
  const [, section = ""] = text.split(/^### Exit status$|^### Environment$/m);
  const statuses = [...section.matchAll(/^- (\d+): /gm)].map(([, status]) => Number(status));
  expect(statuses).toEqual(Object.values(EXIT));
});

it.each(["check", "report"])(
  "the manual calls the argument of %s as its synopsis does",
  (command) => {
    const text = readFileSync(COMPILER, "utf8");
    const section = new RegExp(`^\\.SS ${command}\\n([^]*?)^\\.S[SH] `, "m").exec(text)?.[1] ?? "";
    // The first term is the argument: options come after it.
    const term = /^\.TP\n([A-Z]+)$/m.exec(section)?.[1];
    const usage = COMMANDS.find(({ name }) => name === command)?.usage;
    expect(usage).toMatch(new RegExp(`^\\$0 ${command} ${term}\\b`));
  },
);

describe("the command of a host", () => {
  const answer = (...words: readonly string[]) => {
    const program = join(root, "templates/microvm-sweep/show.bash");
    const args = [program, `--release=${release()}`, "--", ...words];
    return spawnSync("bash", args, { encoding: "utf8" }).stdout;
  };
  const lines = (words: Readonly<Record<string, string>>) =>
    Object.entries(words)
      .map(([word, meaning]) => `${word}\t${meaning}\n`)
      .join("");

  it("has in its manual what its help prints: the usage, each command and each option", () => {
    const [head, ...rows] = answer("--help").trim().split(/\n+/);
    expect(head).toBe(`usage: ${HOST_COMMAND.usage}`);
    const words = rows.map((row) => /^ {2}(\S+) +(.*)$/.exec(row)?.slice(1) ?? row);
    expect(words).toEqual(Object.entries({ ...HOST_COMMAND.commands, ...HOST_COMMAND.options }));
    expect(answer("-h")).toBe(answer("--help"));
    const [, section = "", more = ""] = readFileSync(HOST, "utf8").split(
      /^\.SH (?:COMMANDS|OPTIONS)$/m,
    );
    const names = Object.keys({ ...HOST_COMMAND.options, ...HOST_COMMAND.stateOptions });
    expect(
      names.filter((name) => !more.includes(`\n\\fB${name.replaceAll("-", "\\-")}\\fR`)),
    ).toEqual([]);
    expect([...section.matchAll(/^\.TP\n\\fB(\w+)/gm)].map(([, name]) => name)).toEqual(
      Object.keys(HOST_COMMAND.commands),
    );
  });

  it("offers the words of its manual", () => {
    expect(answer("complete", "")).toBe(lines(HOST_COMMAND.commands));
    expect(answer("complete", "-")).toBe(lines(HOST_COMMAND.options));
    for (const verb of ["archive", "delete"]) {
      expect(answer("complete", verb, "-")).toBe(lines(HOST_COMMAND.stateOptions));
    }
  });

  it("has in its manual every field of the journal that it writes", () => {
    const fields = [
      ...(programFiles().get("act.bash") ?? "").matchAll(/"(MICROVM_SWEEP_\w+)=/g),
    ].map(([, field]) => field);
    expect(fields.length).toBeGreaterThan(0);
    const text = readFileSync(HOST, "utf8");
    expect(fields.filter((field) => !text.includes(`\\fB${field}\\fR`))).toEqual([]);
  });
});
