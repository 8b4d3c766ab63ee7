import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporary } from "../cli/support/temporary.ts";
import { copyExamples, edit } from "../examples/examples.ts";
import { addProductionPackages } from "../support/lockedPackages.ts";
import { nix, pathWithStandins, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { standins } from "./standins.ts";
import { SYSTEM } from "./system.ts";

const HOST = "imperative";
const PAGE = `sweep/${HOST}.nix`;
const COMMAND = `microvm-sweep gen --flake . --host ${HOST} --out ${PAGE}`;
const CHECK = [`.#checks.${SYSTEM}.${HOST}`, "--no-link", "--print-build-logs"];
const TOPLEVEL = `.#nixosConfigurations.${HOST}.config.system.build.toplevel`;

describe.skipIf(requireRoot() ?? requireTool("nix", "shellcheck"))("the life of a page", () => {
  beforeAll(addProductionPackages);

  /** A copy of the examples for this machine, in which one host has an empty page to start with. */
  function checkout() {
    const directory = copyExamples();
    const overrides = { ...STANDIN, ...standins(), "microvm-sweep": ourFlake() };
    const change = (file: string, from: string | RegExp, to: string) =>
      edit(directory, { file, from, to });
    if (SYSTEM !== "x86_64-linux") change("flake.nix", "x86_64-linux", SYSTEM);
    writeFileSync(join(directory, PAGE), "{ }\n");
    rmSync(join(directory, "sweep/microvm-sweep"), { recursive: true });
    const PATH = pathWithStandins(temporary(), overrides);
    const run = (...args: string[]) => nix(directory, args, overrides, { PATH });
    const generate = (...more: string[]) =>
      run("run", ".#gen", "--", ...COMMAND.split(" ").slice(2), ...more);
    const addPolicy = (policy: string) =>
      change("flake.nix", "host = name;", `host = name; policy = ${policy};`);
    return { directory, change, run, generate, addPolicy };
  }

  it("is generated, passes the check, drifts, fails it, and is generated again", async () => {
    const { change, run, generate } = checkout();
    const empty = await run("build", ...CHECK);
    expect(empty.status).not.toBe(0);
    expect(empty.stderr).toContain(`${HOST}.nix is out of date`);

    expect(await generate()).toMatchObject({ status: 0, stdout: "" });
    expect(await run("build", ...CHECK)).toMatchObject({ status: 0 });
    expect(await run("build", TOPLEVEL, "--no-link")).toMatchObject({ status: 0 });

    change(`hosts/${HOST}.nix`, /vms\.fw\.config = .*;/u, "");
    const host = await run("build", TOPLEVEL, "--no-link");
    expect(host.status).not.toBe(0);
    expect(host.stderr).toContain("out of date: fw left the configuration. Generate it again: ");
    expect(host.stderr).toContain(`Generate it again: ${COMMAND}\n`);
    const check = await run("build", ...CHECK);
    expect(check.status).not.toBe(0);
    expect(check.stderr).toMatch(/> -\s+"--vm=fw"\n/u);
    // Without -L nix shows the last lines only.
    expect(check.stderr).toMatch(/> -\s+"--vm=.*> to make it again, [^\n]*\nerror: builder/su);

    expect(await generate()).toMatchObject({ status: 0 });
    expect(await run("build", ...CHECK)).toMatchObject({ status: 0 });
    expect(await run("build", TOPLEVEL, "--no-link")).toMatchObject({ status: 0 });
  });

  it("is checked with the policy that it was generated with", async () => {
    const { run, generate, addPolicy } = checkout();
    expect(await generate("--limit", "3", "--keep", "lab")).toMatchObject({ status: 0 });
    const without = await run("build", ...CHECK);
    expect(without.status).not.toBe(0);
    expect(without.stderr).toContain('-    "--keep=lab"');
    addPolicy('{ limit = 3; keep = [ "lab" ]; }');
    expect(await run("build", ...CHECK)).toMatchObject({ status: 0 });
  });

  it.each([
    ["a path", "it's $(exit 9) $x.nix", (name: string) => `./sweep + ${JSON.stringify(name)}`],
    ["a text", "-it's two.nix", (name: string) => `self + ${JSON.stringify(`/sweep${name}`)}`],
  ])("is checked whatever its name is: %s", async (_what, name, expression) => {
    const { directory, change, run, generate } = checkout();
    expect(await generate()).toMatchObject({ status: 0 });
    copyFileSync(join(directory, PAGE), join(directory, "sweep", name));
    change("flake.nix", /file = .*;/u, `file = ${expression(`/${name}`)};`);
    expect(await run("build", ...CHECK)).toMatchObject({ status: 0 });
    change(`sweep/${name}`, '"specialfs"', '"etc"');
    expect((await run("build", ...CHECK)).stderr).toContain(`${name} is out of date`);
  });

  it("has its faults shown by the names of what was to be read", async () => {
    const { change, run, generate, addPolicy } = checkout();
    await generate();
    change(`hosts/${HOST}.nix`, "vms.fw.config", 'vms."a/b".config');
    expect((await run("build", ...CHECK)).stderr).toMatch(/> usage\.json:1:\d+: error/u);
    addPolicy('{ keep = [ "a/b" ]; }');
    expect((await run("build", ...CHECK)).stderr).toMatch(/> policy\.json:1:\d+: error/u);
  });

  it.each([
    [
      "the page",
      PAGE,
      'deps = [ "specialfs" ]',
      "deps = [ ]",
      /> -\s+microvm-sweep\.deps = \[ \];\n/u,
    ],
    ["the program", "sweep/microvm-sweep/common.bash", "umask 077", "umask 0", /> -umask 0\n/u],
  ])("is found to have been edited by hand: %s", async (_what, file, from, to, says) => {
    const { change, run, generate } = checkout();
    await generate();
    change(file, from, to);
    const { status, stderr } = await run("build", ...CHECK);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(says);
    // The guard cannot see it.
    expect(await run("eval", "--raw", `${TOPLEVEL}.drvPath`)).toMatchObject({ status: 0 });
  });

  it("is checked against a program that is missing", async () => {
    const { directory, run, generate } = checkout();
    await generate();
    cpSync(join(directory, "sweep"), join(directory, "elsewhere"), {
      recursive: true,
      filter: (path) => !path.endsWith("/microvm-sweep"),
    });
    edit(directory, {
      file: "flake.nix",
      from: /file = .*;/u,
      to: `file = ./elsewhere/${HOST}.nix;`,
    });
    const { status, stderr } = await run("build", ...CHECK);
    expect(status).not.toBe(0);
    expect(stderr).toContain("microvm-sweep/act.bash does not exist");
    expect(readFileSync(join(directory, PAGE), "utf8")).toContain(COMMAND);
  });
});
