import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { copyExamples, HOSTS } from "../examples/examples.ts";
import { addProductionPackages } from "../support/lockedPackages.ts";
import { nix, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { standins } from "./standins.ts";
import { SYSTEM } from "./system.ts";

const FLAKE_PARTS = fileURLToPath(new URL("../standin/flake-parts", import.meta.url));

/** The flake of a user of flake-parts, with the hosts of the examples. */
function flakeWith(options: string): string {
  return `{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    microvm.url = "github:microvm-nix/microvm.nix";
    microvm-sweep.url = "github:microvm-sweep/microvm-sweep";
    microvm-sweep.inputs.nixpkgs.follows = "nixpkgs";
    flake-parts.url = "github:hercules-ci/flake-parts";
    flake-parts.inputs.nixpkgs-lib.follows = "nixpkgs";
  };
  outputs =
    inputs:
    inputs.flake-parts.lib.mkFlake { inherit inputs; } {
      imports = [ inputs.microvm-sweep.flakeModules.default ];
      systems = [ "${SYSTEM}" "riscv64-linux" ];
      flake.nixosConfigurations =
        ((import ./hosts.nix).outputs (builtins.removeAttrs inputs [ "flake-parts" ] // { self = inputs.self; })).nixosConfigurations;
      ${options}
    };
}
`;
}

/** A copy of the examples that is a flake of flake-parts. */
function checkout(options: string) {
  const directory = copyExamples();
  const overrides = {
    ...STANDIN,
    ...standins(),
    "microvm-sweep": ourFlake(),
    "flake-parts": FLAKE_PARTS,
  };
  const path = (file: string) => join(directory, file);
  renameSync(path("flake.nix"), path("hosts.nix"));
  writeFileSync(path("flake.nix"), flakeWith(options));
  const run = (...args: string[]) => nix(directory, args, overrides);
  const names = async () => {
    const words = ["eval", "--json", `.#checks.${SYSTEM}`, "--apply", "builtins.attrNames"];
    const { status, stdout, stderr } = await run(...words);
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout) as string[];
  };
  const build = (host: string) =>
    run("build", `.#checks.${SYSTEM}.microvm-sweep-${host}`, "--no-link", "--print-build-logs");
  return { path, run, names, build };
}

const checksOf = (hosts: readonly string[]) => hosts.map((host) => `microvm-sweep-${host}`);

describe.skipIf(requireRoot() ?? requireTool("nix"))("flakeModules.default", () => {
  beforeAll(addProductionPackages);

  it("has a check for each host with a page, which finds a page that is out of date", async () => {
    const { path, names, build } = checkout("microvm-sweep.dir = ./sweep;");
    expect(await names()).toEqual(checksOf(HOSTS));
    expect(await build("imperative")).toMatchObject({ status: 0 });
    const page = path("sweep/imperative.nix");
    writeFileSync(page, readFileSync(page, "utf8").replace("--vm=fw", "--vm=other"));
    const { status, stderr } = await build("imperative");
    expect(status).not.toBe(0);
    expect(stderr).toContain('-    "--vm=other"');
  });

  it("takes the pages from the index of gen --all", async () => {
    const { path, names, build } = checkout("microvm-sweep.dir = ./sweep;");
    writeFileSync(path("sweep/default.nix"), "{ one-host = ./one-host.nix; }\n");
    expect(await names()).toEqual(checksOf(["one-host"]));
    expect(await build("one-host")).toMatchObject({ status: 0 });
  });

  it("checks the hosts that are named, with the policy", async () => {
    const policy = 'policy = { orphans = "report"; };';
    const { names, build } = checkout(
      `microvm-sweep = { dir = ./sweep; hosts = [ "disabled" "lost" ]; ${policy} };`,
    );
    expect(await names()).toEqual(checksOf(["disabled", "lost"]));
    const { stderr } = await build("disabled");
    expect(stderr).toContain("+  settings = [\n");
    expect((await build("lost")).stderr).toContain("the host lost has no page in ");
  });

  it("says so where the directory of the pages does not exist", async () => {
    const { run } = checkout("microvm-sweep.dir = ./nowhere;");
    const { status, stderr } = await run("eval", "--json", `.#checks.${SYSTEM}`);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/the directory \/nix\/store\/.*\/nowhere does not exist/);
  });

  it("has no checks without a directory, and none for a system that has no package", async () => {
    expect(await checkout("").names()).toEqual([]);
    const { run } = checkout("microvm-sweep.dir = ./sweep;");
    const other = await run("eval", "--json", ".#checks.riscv64-linux");
    expect(other).toMatchObject({ status: 0, stdout: "{}" });
  });
});
