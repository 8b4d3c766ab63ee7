import { readFileSync, writeFileSync } from "node:fs";
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
    return { edit, run, generate };
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
    const log = check.stderr.split("\n").filter((line) => line.includes("> "));
    expect(log.at(-1)).toMatch(new RegExp(`> to make it again, run: ${COMMAND}$`, "u"));

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

  it("may be that of a host that is a MicroVM itself", async () => {
    const { edit, run, generate } = checkout();
    const nested = (text: string) =>
      text.replace("microvm.nixosModules.host", "$& microvm.nixosModules.microvm");
    expect(edit("flake.nix", nested)).toBe(true);
    expect(await generate()).toMatchObject({ status: 0 });
    expect(await run("build", ...CHECK)).toMatchObject({ status: 0 });
  });

  it("may have any name, and its check says what is wrong with the policy", async () => {
    const { edit, run } = checkout();
    const name = "it's $HOME, swept.nix";
    const words = COMMAND.replace("microvm-sweep gen ", "").split(" ");
    const out = words.map((word) => (word === "microvm-sweep.nix" ? name : word));
    expect(await run("run", ".#gen", "--", ...out)).toMatchObject({ status: 0 });
    const path = `"\${self}/${name.replace("$", "\\$")}"`;
    expect(edit("flake.nix", (text) => text.replace("./microvm-sweep.nix;", `${path};`))).toBe(
      true,
    );
    expect(await run("build", ...CHECK)).toMatchObject({ status: 0 });
    edit("flake.nix", (text) =>
      text.replace(/^.*file = .*\n/mu, (line) => `${line}policy.orphans = "kill";\n`),
    );
    const { stderr } = await run("build", ...CHECK);
    expect(stderr).toMatch(/> policy\.json:1:\d+: error MS1105/u);
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
