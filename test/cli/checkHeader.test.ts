import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "./support/runCli.ts";
import { temporary } from "./support/temporary.ts";
import { hostWith, usageText } from "./support/usage.ts";

const RECORDED = "microvm-sweep gen --flake .#hyp-01 --host hyp-01 --keep lab --out o.nix";
const COMMAND = "microvm-sweep gen --usage usage.json --host hyp-01 --keep lab --out o.nix";

interface Change {
  /** Flags of the check in place of `--keep lab`. */
  readonly policy?: readonly string[];
  readonly edit?: (text: string) => string;
}

/** Checks a module whose two mentions of the command a hand has changed, and the origin with them. */
async function checkWith(command: string, { policy, edit = (text) => text }: Change = {}) {
  const cwd = temporary();
  const file = join(cwd, "o.nix");
  writeFileSync(join(cwd, "usage.json"), usageText({ "hyp-01": hostWith("fw") }));
  writeFileSync(join(cwd, "policy.json"), '{ "keep": ["lab"] }');
  await runCli([...COMMAND.split(" ").slice(1), "--quiet"], { cwd });
  const text = readFileSync(file, "utf8");
  const source = command.includes("--flake .") ? "the flake `.`" : "`usage.json`";
  const changed = text.replaceAll(COMMAND, () => command).replace("`usage.json`", source);
  writeFileSync(file, edit(changed));
  const flags = policy ?? ["--keep", "lab"];
  return runCli(["check", "o.nix", "--usage", "usage.json", ...flags], { cwd });
}

const policy = ["--config", "policy.json"];

describe("check of a module whose header names a command of another kind", () => {
  it.each([
    ["a flake", COMMAND.replace("--usage usage.json", "--flake .")],
    ["options for nix", `${COMMAND.replace("--usage usage.json", "--flake .")} -- --impure`],
    ["another place", COMMAND.replace("--out o.nix", "--out hosts/o.nix")],
    ["a name to be quoted", COMMAND.replace("--out o.nix", "--out 'a b.nix'")],
  ])("takes over %s", async (_what, command) => {
    expect(await checkWith(command)).toMatchObject({ status: 0 });
  });

  it.each([
    ["another command behind it", `${COMMAND}; reboot`],
    ["a substitution", COMMAND.replace("o.nix", "$(reboot)")],
    ["a substitution in double quotes", COMMAND.replace("o.nix", '"$(reboot)"')],
    ["a redirection", `${COMMAND} > /etc/passwd`],
    ["a comment", `${COMMAND} # reboot`],
    ["a quote left open", `${COMMAND} '`],
    ["two blanks", COMMAND.replace(" gen ", " gen  ")],
    ["quotes that are not needed", COMMAND.replace("o.nix", "'o.nix'")],
    ["a control character", `${COMMAND}\u001b[2J`],
    ["NUL", COMMAND.replace("o.nix", () => "$'\\000'")],
    ["the start of a control sequence in one character", COMMAND.replace("o.nix", "'\u009b2J'")],
    ["another host", COMMAND.replace("hyp-01", "hyp-02")],
    ["no host", COMMAND.replace("--host hyp-01 ", "")],
    ["a host in the flake's name", RECORDED],
    ["no input", COMMAND.replace("--usage usage.json ", "")],
    ["two inputs", COMMAND.replace("--usage", "--flake . --usage")],
    ["another policy", COMMAND.replace("--keep lab", "--state archive")],
    ["no policy", COMMAND.replace("--keep lab ", "")],
    ["a policy that is none", COMMAND.replace("--keep lab", "--state no --keep lab")],
    ["another backend", COMMAND.replace("--keep", "--backend service --keep")],
    ["another format", COMMAND.replace("--out", "--format script --out")],
    ["a policy in a file", COMMAND.replace("--keep lab", "--config other.json")],
    ["an option that gen has not", COMMAND.replace("--out", "--no --out")],
    ["an option that gen does not record", COMMAND.replace("--out", "--quiet --out")],
    ["what makes yargs say something", `${COMMAND} --get-yargs-completions`],
    ["help", `${COMMAND} --help`],
    ["another order", COMMAND.replace("--keep lab --out o.nix", "--out o.nix --keep lab")],
    ["another of our commands", COMMAND.replace(" gen ", " expr ")],
    ["another program", COMMAND.replace("microvm-sweep", "/tmp/microvm-sweep")],
  ])("shows the line, and does not advise to run it: %s", async (_what, command) => {
    const { status, stdout, stderr } = await checkWith(command);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "o.nix is out of date\n" });
    expect(stdout).toContain(`\n+#   ${COMMAND}\n`);
    expect(stdout).toMatch(/^-# {3}/m);
  });

  it("takes the file of --config for the one that it is given", async () => {
    const command = COMMAND.replace("--keep lab", "--config other.json");
    expect(await checkWith(command, { policy })).toMatchObject({ status: 0 });
    const more = COMMAND.replace("--keep lab", "--config other.json --state archive");
    expect(await checkWith(more, { policy })).toMatchObject({ status: 1 });
  });

  it("knows a policy given by flags in the file of --config", async () => {
    expect(await checkWith(COMMAND, { policy })).toMatchObject({ status: 0 });
  });

  it("shows an origin that is not the command's", async () => {
    const { status, stdout } = await checkWith(COMMAND, {
      edit: (text) => text.replace("from `", "from `/"),
    });
    expect(status).toBe(1);
    expect(stdout).toContain("from `usage.json`.\n");
  });
});
