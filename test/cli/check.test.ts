import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch } from "diff";
import { describe, expect, it } from "vitest";
import { runCli } from "./support/runCli.ts";
import { temporary } from "./support/temporary.ts";
import { hostWith, usageText } from "./support/usage.ts";

const USAGE = ["--usage", "usage.json"];

/** A directory with a usage document and the module that `gen` makes of it. */
async function workplace(...flags: readonly string[]): Promise<string> {
  const cwd = temporary();
  writeFileSync(join(cwd, "usage.json"), usageText({ "hyp-01": hostWith("db", "fw") }));
  await runCli(["gen", ...USAGE, ...flags, "--out", "o.nix", "--quiet"], { cwd });
  return cwd;
}

function check(cwd: string, ...words: readonly string[]) {
  return runCli(["check", ...words], { cwd });
}

const COMMAND = "microvm-sweep gen --usage usage.json --host hyp-01 --out o.nix";
const STALE = "o.nix is out of date\nto make it again, run the command at the top of o.nix\n";
const CURRENT = { status: 0, stdout: "", stderr: "o.nix is up to date\n" };

describe("check of a file that is up to date", () => {
  it("says so on standard error, and nothing under --quiet", async () => {
    const cwd = await workplace();
    expect(await check(cwd, "o.nix", ...USAGE)).toEqual(CURRENT);
    expect(await check(cwd, "--file", "o.nix", ...USAGE)).toEqual(CURRENT);
    expect(await check(cwd, "o.nix", ...USAGE, "--quiet")).toEqual({ ...CURRENT, stderr: "" });
  });

  it("finds it from another directory, by other names of the same things", async () => {
    const cwd = await workplace();
    const { status } = await runCli(
      ["check", join(cwd, "o.nix"), "--usage", join(cwd, "usage.json"), "--host", "hyp-01"],
      { cwd: temporary() },
    );
    expect(status).toBe(0);
  });

  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what Nix would read
    "it''s ${x} $$.json",
    "a\u001b'\\b\n1.json",
    "-x.json",
  ])("takes a command in the header that both languages have to quote: %j", async (name) => {
    const cwd = temporary();
    writeFileSync(join(cwd, name), usageText({ h: hostWith("fw") }));
    writeFileSync(join(cwd, "other.json"), usageText({ h: hostWith("fw") }));
    await runCli(["gen", `--usage=${name}`, "--out", "o.nix"], { cwd });
    expect(await check(cwd, "o.nix", "--usage", "other.json")).toEqual(CURRENT);
  });

  it.each([
    ["another origin", "microvm-sweep gen --flake .#hyp-01 --host hyp-01 --out o.nix"],
    ["another place", "microvm-sweep gen --usage usage.json --host hyp-01 --out 'my hosts/o.nix'"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what Nix would read
    ["anything", 'microvm-sweep gen "; ${abort} \\ $& #'],
  ])("takes the command that the page names: %s", async (_what, command) => {
    const cwd = await workplace();
    const file = join(cwd, "o.nix");
    const text = readFileSync(file, "utf8");
    const nixText = command.replaceAll(/["\\]|\$(?=\{)/g, "\\$&");
    const changed = text
      .replace(`#   ${COMMAND}`, () => `#   ${command}`)
      .replace(`"${COMMAND}"`, () => `"${nixText}"`);
    expect(changed.includes(COMMAND)).toBe(false);
    writeFileSync(file, changed);
    expect(await check(cwd, "o.nix", ...USAGE)).toEqual(CURRENT);
  });

  it("needs the policy that the file was made with", async () => {
    const cwd = await workplace("--state", "archive");
    expect(await check(cwd, "o.nix", ...USAGE, "--state", "archive")).toEqual(CURRENT);
    const without = await check(cwd, "o.nix", ...USAGE);
    expect(without.status).toBe(1);
    expect(without.stdout).toMatch(/^-.*--state=archive/m);
  });

  it("works on a script too", async () => {
    const cwd = await workplace("--format", "script");
    expect(await check(cwd, "o.nix", ...USAGE, "--format", "script")).toEqual(CURRENT);
  });
});

describe("check of a file that is out of date", () => {
  it("prints a diff that makes the file current, writes nothing, and exits 1", async () => {
    const cwd = await workplace();
    const old = readFileSync(join(cwd, "o.nix"), "utf8");
    writeFileSync(join(cwd, "usage.json"), usageText({ "hyp-01": hostWith("fw") }));
    const { status, stdout, stderr } = await check(cwd, "o.nix", ...USAGE);
    expect({ status, stderr }).toEqual({ status: 1, stderr: STALE });
    expect(stdout).toMatch(/^--- o\.nix/);
    expect(stdout).toMatch(/^-.*db/m);
    expect(readFileSync(join(cwd, "o.nix"), "utf8")).toBe(old);
    expect(readdirSync(cwd).sort()).toEqual(["microvm-sweep.bash", "o.nix", "usage.json"]);
    await runCli(["gen", ...USAGE, "--out", "new.nix"], { cwd });
    const fresh = readFileSync(join(cwd, "new.nix"), "utf8").replaceAll("new.nix", "o.nix");
    expect(applyPatch(old, stdout)).toBe(fresh);
  });

  it.each([
    ["the declared names", (text: string) => text.replaceAll("--vm=db", "--vm=dc")],
    ["the last newline", (text: string) => text.trimEnd()],
    ["the header", (text: string) => text.replace(/^# Generated by/, "# Made by")],
    [
      "the command to something else",
      (text: string) => text.replace(/^# {3}microvm-sweep gen/m, "#   rm -r"),
    ],
    [
      "the command of the header only",
      (text: string) => text.replace(/^# {3}microvm-sweep gen/m, "$& --force"),
    ],
    [
      "the command of the messages only",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what Nix would read
      (text: string) => text.replace(`"${COMMAND}"`, '"${abort "x"}"'),
    ],
    ["the line of the command", (text: string) => text.replace(`"${COMMAND}";`, "$& vms = [ ];")],
    [
      "the command to one that a terminal does not show",
      (text: string) => text.replace(/^# {3}microvm-sweep gen/m, "$&\u001b[2K\u001b[1G"),
    ],
    [
      "the command to two of them",
      (text: string) => text.replace(/^# {3}microvm-sweep gen.*\n/m, "$&$&"),
    ],
    ["the line ends", (text: string) => text.replaceAll("\n", "\r\n")],
    ["everything", () => ""],
  ])("finds that a hand has changed %s", async (_name, change) => {
    const cwd = await workplace();
    const file = join(cwd, "o.nix");
    const old = readFileSync(file, "utf8");
    const changed = change(old);
    expect(changed).not.toBe(old);
    writeFileSync(file, changed);
    const { status, stdout } = await check(cwd, "o.nix", ...USAGE);
    expect(status).toBe(1);
    expect(applyPatch(changed, stdout, { autoConvertLineEndings: false })).toBe(old);
  });

  it("finds a module where a script was to be", async () => {
    const cwd = await workplace();
    const { status, stdout } = await check(cwd, "o.nix", ...USAGE, "--format", "script");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^-\{$/m);
  });

  it("finds that the program beside it was changed or is missing", async () => {
    const cwd = await workplace();
    const program = join(cwd, "microvm-sweep.bash");
    const old = readFileSync(program, "utf8");
    const changed = old.replace("\n", "\nset -x\n");
    writeFileSync(program, changed);
    const edited = await check(cwd, "o.nix", ...USAGE);
    expect(applyPatch(changed, edited.stdout)).toBe(old);
    expect({ ...edited, stdout: "" }).toEqual({
      status: 1,
      stdout: "",
      stderr: STALE.replace("o.nix", "microvm-sweep.bash"),
    });
    rmSync(program);
    const missing = await check(cwd, "o.nix", ...USAGE);
    expect(missing.stderr).toMatch(/^microvm-sweep\.bash does not exist\n/);
    expect(missing.status).toBe(1);
  });

  it("finds that it is the file of another host", async () => {
    const cwd = await workplace();
    const hosts = { "hyp-01": hostWith("db", "fw"), other: hostWith("db", "fw") };
    writeFileSync(join(cwd, "usage.json"), usageText(hosts));
    const { status, stdout } = await check(cwd, "o.nix", ...USAGE, "--host", "other");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^\+.*configuration other/m);
  });

  it("says that there is no such file, and shows the whole of it", async () => {
    const cwd = await workplace();
    const { status, stdout, stderr } = await check(cwd, "none.nix", ...USAGE);
    const command = "microvm-sweep gen --usage usage.json --host hyp-01 --out none.nix";
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `none.nix does not exist\nto make it again, run: ${command}\n`,
    });
    expect(stdout).toMatch(/^\+# {3}microvm-sweep gen .* --out none\.nix$/m);
  });
});

describe("check that cannot compare", () => {
  it("exits 2 for a directory and for bad input, never 1", async () => {
    const cwd = await workplace();
    const directory = await check(cwd, ".", ...USAGE);
    expect(directory.stderr).toMatch(/MS3002/);
    writeFileSync(join(cwd, "usage.json"), "{");
    const bad = await check(cwd, "o.nix", ...USAGE);
    expect([directory.status, bad.status, bad.stdout]).toEqual([2, 2, ""]);
  });
});
