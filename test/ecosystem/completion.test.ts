import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fakeNix } from "../cli/support/fakeNix.ts";
import { runCli } from "../cli/support/runCli.ts";
import { temporary } from "../cli/support/temporary.ts";
import { hostWith, usageText } from "../cli/support/usage.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { type Shell, type } from "./terminal.ts";

const examples = fileURLToPath(new URL("../../examples/sweep/", import.meta.url));
const missing = requireTool("zsh", "fish", "script", "unshare") ?? requireRoot();

/** A directory with the usage of two hosts, as JSON and as JSON Lines, and the page of a third. */
function workplace(): string {
  const directory = temporary();
  const hosts = { "hyp-01": hostWith("fw"), "lab-02": hostWith("db") };
  writeFileSync(join(directory, "usage.json"), usageText(hosts));
  const lines = Object.entries(hosts).map(([host, rest]) =>
    JSON.stringify({ schemaVersion: 1, host, ...rest }),
  );
  writeFileSync(join(directory, "fleet.jsonl"), `${lines.join("\n")}\n`);
  mkdirSync(join(directory, "pages"));
  copyFileSync(join(examples, "one-host.nix"), join(directory, "pages/one.nix"));
  return directory;
}

const TYPED: readonly (readonly [line: string, program: string])[] = [
  ["microvm-sweep sch\t pl\t", "schema plan"],
  ["microvm-sweep gen --orp\t rep\t", "gen --orphans report"],
  ["microvm-sweep gen --unit-files=rem\t", "gen --unit-files=remove"],
  ["microvm-sweep gen --usage us\t --host hy\t", "gen --usage usage.json --host hyp-01"],
  ["microvm-sweep gen --usage fleet.jsonl --host=l\t", "gen --usage fleet.jsonl --host=lab-02"],
  ["microvm-sweep check pages/o\t --host \t", "check pages/one.nix --host one-host"],
  ["microvm-sweep gen --config=us\t", "gen --config=usage.json"],
  ["sweep-microvms pl\t --js\t", "plan --json"],
  ["sweep-microvms explain b\t", "explain bar"],
  ["sweep-microvms plan --sy\tpag\t", "plan --system=pages"],
];

describe.skipIf(missing)("a user who types", () => {
  const shells: readonly Shell[] = ["bash", "zsh", "fish"];
  const cases = shells.flatMap((shell) =>
    TYPED.map(([line, words]) => [shell, line, words] as const),
  );

  it.each(cases)("in %s %j runs %j", async (shell, line, words) => {
    const typed = await type(shell, line, workplace());
    // Bash and fish leave the slash after a directory, zsh takes it away.
    expect(typed.words.join(" ").replace(/\/$/u, ""), typed.screen).toBe(words);
  });

  it.each(shells)(
    "in %s sees every MicroVM of the host, and what a command does",
    async (shell) => {
      // Bash lists at the second Tab. At the second one the others choose from the list.
      const tab = shell === "bash" ? "\t\t" : "\t";
      const names = await type(shell, `sweep-microvms explain ${tab}`, workplace());
      for (const name of ["fw", "web", "bar", "old", "scratch"])
        expect(names.screen).toContain(name);
      const { screen } = await type(shell, `microvm-sweep ${tab}`, workplace());
      for (const command of ["gen", "check", "expr", "schema"]) expect(screen).toContain(command);
      // Bash shows words alone.
      if (shell !== "bash") expect(screen).toContain("print a JSON Schema");
    },
  );
});

describe("complete", () => {
  const complete = async (words: readonly string[], setting = {}) => {
    const { stdout, stderr, status } = await runCli(["complete", ...words], setting);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    return stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t")[0]);
  };

  it("asks the flake of this machine where no file names a host", async () => {
    const cwd = temporary();
    const nix = fakeNix(cwd, `echo '["hyp-01","lab"]'`);
    const setting = { cwd, env: nix.env };
    expect(await complete(["gen", "--flake", ".", "--host", "h"], setting)).toEqual(["hyp-01"]);
    expect(nix.words()).toContain("--offline");
    expect(await complete(["gen", "--flake", ".#"], setting)).toEqual([".#hyp-01", ".#lab"]);
  });

  it("never asks a flake that is elsewhere, and offers nothing where Nix fails", async () => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, `echo '["hyp-01"]'; exit 1`);
    expect(await complete(["gen", "--flake", "github:a/b", "--host", ""], { cwd, env })).toEqual(
      [],
    );
    expect(await complete(["gen", "--flake", ".", "--host", ""], { cwd, env })).toEqual([]);
  });

  it("offers an option once, and one that may be repeated again", async () => {
    const offered = await complete(["gen", "--host", "a", "--keep=b", "--"]);
    expect(offered).not.toContain("--host");
    expect(offered).toContain("--keep");
  });

  it("offers nothing after --, of a command that is none, and for a file that is no usage", async () => {
    expect(await complete(["gen", "--", "--o"])).toEqual([]);
    expect(await complete(["gne", "--o"])).toEqual([]);
    expect(await complete(["gen", "--usage", "/etc/passwd", "--host", ""])).toEqual([]);
    expect(await complete(["gen", "--usage", "/nowhere", "--host", ""])).toEqual([]);
  });

  it("prints no name that would move the cursor", async () => {
    const cwd = temporary();
    writeFileSync(join(cwd, "u.json"), usageText({ "a\u001b[2J": hostWith(), "b\nc": hostWith() }));
    expect(await complete(["gen", "--usage", "u.json", "--host", ""], { cwd })).toEqual([]);
  });
});
