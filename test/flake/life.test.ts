import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporary } from "../cli/support/temporary.ts";
import { copyExample } from "../examples/copyExample.ts";
import { EXAMPLES } from "../examples/examples.ts";
import { addProductionPackages } from "../support/lockedPackages.ts";
import { nix, pathWithStandins, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { standins } from "./standins.ts";
import { SYSTEM } from "./system.ts";

const COMMAND = "microvm-sweep gen --flake . --host hyp-01 --out microvm-sweep.nix";
const CHECK = [`.#checks.${SYSTEM}.microvm-sweep`, "--no-link", "--print-build-logs"];

describe.skipIf(requireRoot() ?? requireTool("nix"))("the life of a generated file", () => {
  beforeAll(addProductionPackages);

  /** A copy of the example `checked` for this machine, with an empty module to start with. */
  function checkout() {
    const example = EXAMPLES.find(({ name }) => name === "checked");
    if (example === undefined) throw new Error("no such example");
    const directory = copyExample(example);
    const overrides = { ...STANDIN, ...standins(), "microvm-sweep": ourFlake() };
    const edit = (file: string, change: (text: string) => string) => {
      const path = join(directory, file);
      const before = readFileSync(path, "utf8");
      writeFileSync(path, change(before));
      return change(before) !== before;
    };
    for (const file of ["flake.nix", "configuration.nix"]) {
      edit(file, (text) => text.replaceAll("x86_64-linux", SYSTEM));
    }
    edit("microvm-sweep.nix", () => "{ }\n");
    const PATH = pathWithStandins(temporary(), overrides);
    const run = (...args: string[]) => nix(directory, args, overrides, { PATH });
    const generate = () =>
      run("run", ".#gen", "--", ...COMMAND.replace("microvm-sweep gen ", "").split(" "));
    return { directory, edit, run, generate };
  }

  it("is generated, passes the check, drifts, fails it, and is generated again", async () => {
    const { edit, run, generate } = checkout();
    const empty = await run("build", ...CHECK);
    expect(empty.status).not.toBe(0);
    expect(empty.stderr).toContain("microvm-sweep.nix is out of date");

    expect(await generate()).toMatchObject({ status: 0, stdout: "" });
    expect(await run("flake", "check")).toMatchObject({ status: 0 });

    expect(edit("configuration.nix", (text) => text.replace("web.config = { };", ""))).toBe(true);
    const flake = await run("flake", "check");
    expect(flake.status).not.toBe(0);
    expect(flake.stderr).toContain("Failed assertions:");
    expect(flake.stderr).toContain("microvm.vms: generated for fw, web; declared now fw\n");
    expect(flake.stderr).toContain(`To make it again, run: ${COMMAND}\n`);
    const check = await run("build", ...CHECK);
    expect(check.status).not.toBe(0);
    expect(check.stderr).toContain("microvm-sweep.nix is out of date");
    expect(check.stderr).toMatch(/> -\s+vms=\(fw web\)\n/u);
    expect(check.stderr).toMatch(/> \+\s+vms=\(fw\)\n/u);
    // Without -L nix shows the last lines only.
    expect(check.stderr).toMatch(/> \+\s+vms=.*> to make it again, run: [^\n]*\nerror: builder/su);
    expect(check.stderr).toContain(`> to make it again, run: ${COMMAND}\n`);

    expect(await generate()).toMatchObject({ status: 0 });
    expect(await run("flake", "check")).toMatchObject({ status: 0 });
  });

  it("is checked with the policy that it was generated with", async () => {
    const { edit, run } = checkout();
    const flags = ["--state", "archive", "--keep", "lab"];
    const words = COMMAND.replace("microvm-sweep gen ", "").split(" ");
    expect(await run("run", ".#gen", "--", ...words, ...flags)).toMatchObject({ status: 0 });
    const without = await run("build", ...CHECK);
    expect(without.status).not.toBe(0);
    expect(without.stderr).toContain("-    keep=(lab)");
    const policy = '      policy = { state = "archive"; keep = [ "lab" ]; };\n';
    edit("flake.nix", (text) => text.replace(/^.*file = .*\n/mu, (line) => line + policy));
    expect(await run("build", ...CHECK)).toMatchObject({ status: 0 });
  });

  it("is checked where the host is itself a MicroVM", async () => {
    const { edit, run, generate } = checkout();
    const host = "microvm.nixosModules.host\n";
    expect(
      edit("flake.nix", (text) => text.replace(host, `${host}microvm.nixosModules.microvm\n`)),
    ).toBe(true);
    expect(await generate()).toMatchObject({ status: 0 });
    expect(await run("build", ...CHECK)).toMatchObject({ status: 0 });
  });

  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a shell would read
    ["a path", "it's $(exit 9) ${x}.nix", (name: string) => `./. + ${JSON.stringify(name)}`],
    ["a text", "-it's two.nix", (name: string) => `self + ${JSON.stringify(name)}`],
  ])("is checked whatever its name is: %s", async (_what, name, expression) => {
    const { directory, edit, run, generate } = checkout();
    expect(await generate()).toMatchObject({ status: 0 });
    copyFileSync(join(directory, "microvm-sweep.nix"), join(directory, name));
    const file = expression(`/${name}`).replace("${", "\\${");
    edit("flake.nix", (text) => text.replace(/file = .*;/u, () => `file = ${file};`));
    expect(await run("build", ...CHECK)).toMatchObject({ status: 0 });
    edit(name, (text) => text.replace("umask 077", "umask 022"));
    const { stderr } = await run("build", ...CHECK);
    expect(stderr).toContain(`${name} is out of date`);
  });

  it("has its faults shown by the names of what was to be read", async () => {
    const { edit, run, generate } = checkout();
    await generate();
    const policy = '      policy = { keep = [ "a/b" ]; };\n';
    edit("flake.nix", (text) => text.replace(/^.*file = .*\n/mu, (line) => line + policy));
    const { stderr } = await run("build", ...CHECK);
    expect(stderr).toMatch(/> policy\.json:1:\d+: error/u);
    edit("flake.nix", (text) => text.replace(policy, ""));
    edit("configuration.nix", (text) => text.replace("web.config", '"a/b".config'));
    expect((await run("build", ...CHECK)).stderr).toMatch(/> usage\.json:1:\d+: error/u);
  });

  it("is found to have been edited by hand, which the guard cannot see", async () => {
    const { edit, run, generate } = checkout();
    await generate();
    const changed = edit("microvm-sweep.nix", (text) => text.replace("umask 077", "umask 022"));
    expect(changed).toBe(true);
    const { status, stderr } = await run("flake", "check", "--print-build-logs");
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/> -\s+umask 022\n.*> \+\s+umask 077\n/u);
  });
});
