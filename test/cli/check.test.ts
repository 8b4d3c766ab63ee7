import { readdirSync, readFileSync, writeFileSync } from "node:fs";
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

  it("needs the policy that the file was made with", async () => {
    const cwd = await workplace("--state", "archive");
    expect(await check(cwd, "o.nix", ...USAGE, "--state", "archive")).toEqual(CURRENT);
    const without = await check(cwd, "o.nix", ...USAGE);
    expect(without.status).toBe(1);
    expect(without.stdout).toMatch(/^-.*archiv/m);
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
    const remedy = "microvm-sweep gen --usage usage.json --host hyp-01 --out o.nix";
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `o.nix is out of date\nto make it again, run: ${remedy}\n`,
    });
    expect(stdout).toMatch(/^--- o\.nix/);
    expect(stdout).toMatch(/^-.*db/m);
    expect(readFileSync(join(cwd, "o.nix"), "utf8")).toBe(old);
    expect(readdirSync(cwd).sort()).toEqual(["o.nix", "usage.json"]);
    await runCli(["gen", ...USAGE, "--out", "new.nix"], { cwd });
    const fresh = readFileSync(join(cwd, "new.nix"), "utf8").replaceAll("new.nix", "o.nix");
    expect(applyPatch(old, stdout)).toBe(fresh);
  });

  it.each([
    ["a line of the script", (text: string) => text.replace("set +C", "set -C")],
    ["the declared names", (text: string) => text.replaceAll('"db"', '"dc"')],
    ["the last newline", (text: string) => text.trimEnd()],
    [
      "an antiquotation in the guard's message",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what Nix would read
      (text: string) => text.replace(/(again, run: ).*/, "$1${abort}"),
    ],
    ["the origin", (text: string) => text.replace("from `usage.json`", "from `other.json`")],
    ["the header", (text: string) => text.replace("# Do not edit it", "# Do edit it")],
    [
      "the command to something else",
      (text: string) => text.replace(/^# {3}microvm-sweep gen/m, "#   rm -r"),
    ],
    ["the command to one with more", (text: string) => text.replace(/^# {3}.*/m, "$&; rm -r /")],
    [
      "the command to that of another host",
      (text: string) => text.replaceAll("--host hyp-01", "--host b"),
    ],
    [
      "the command to another policy",
      (text: string) => text.replaceAll("--host hyp-01", "$& --state archive"),
    ],
    [
      "the command to another backend",
      (text: string) => text.replaceAll("--host hyp-01", "$& --backend service"),
    ],
    [
      "the command to no option of gen",
      (text: string) => text.replaceAll("--host hyp-01", "$& --force"),
    ],
    [
      "the command to another quoting",
      (text: string) => text.replaceAll("--host hyp-01", "--host 'hyp-01'"),
    ],
    ["the command to a substitution", (text: string) => text.replaceAll("usage.json", "$(reboot)")],
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

  it("names no command where the header has none that fits", async () => {
    const cwd = await workplace("--state", "archive");
    const { stderr } = await check(cwd, "o.nix", ...USAGE);
    expect(stderr).toBe("o.nix is out of date\n");
  });

  it("finds a module where a script was to be", async () => {
    const cwd = await workplace();
    const { status, stdout } = await check(cwd, "o.nix", ...USAGE, "--format", "script");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^-\{$/m);
  });

  it("names no command that is not ours, and hides nothing from a terminal", async () => {
    const cwd = await workplace();
    const file = join(cwd, "o.nix");
    const old = readFileSync(file, "utf8");
    writeFileSync(file, old.replace(/^# {3}.*/m, "$&\u001b[2K\u001b[1Gnothing to see"));
    const { stderr } = await check(cwd, "o.nix", ...USAGE);
    expect(stderr).toBe("o.nix is out of date\n");
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
    expect({ status, stderr }).toEqual({ status: 1, stderr: "none.nix does not exist\n" });
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
