import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { temporary } from "../cli/support/temporary.ts";
import { copyExamples, edit } from "../examples/examples.ts";
import { addProductionPackages } from "../support/lockedPackages.ts";
import { nix, pathWithStandins, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { standins } from "./standins.ts";
import { SYSTEM } from "./system.ts";

const FLAKE_PARTS = fileURLToPath(new URL("../standin/flake-parts", import.meta.url));

/** The hosts of the examples that a flake of the user has here. */
const HOSTS = '[ "one-host" "imperative" ]';

/** Without flake-parts. */
const PLAIN = `{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    microvm.url = "github:microvm-nix/microvm.nix";
    microvm-sweep.url = "github:microvm-sweep/microvm-sweep";
    microvm-sweep.inputs.nixpkgs.follows = "nixpkgs";
  };
  outputs = inputs@{ self, nixpkgs, microvm-sweep, ... }:
    let
      pages = {
        inherit self;
        pkgs = nixpkgs.legacyPackages.${SYSTEM};
        dir = ./pages;
        policy = { limit = 3; };
      };
    in {
      nixosConfigurations = import ./hosts.nix inputs;
      apps.${SYSTEM} = microvm-sweep.lib.apps pages;
      checks.${SYSTEM} = microvm-sweep.lib.checks pages;
    };
}
`;

const WITH_FLAKE_PARTS = `{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    microvm.url = "github:microvm-nix/microvm.nix";
    microvm-sweep.url = "github:microvm-sweep/microvm-sweep";
    microvm-sweep.inputs.nixpkgs.follows = "nixpkgs";
    flake-parts.url = "github:hercules-ci/flake-parts";
    flake-parts.inputs.nixpkgs-lib.follows = "nixpkgs";
  };
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    imports = [ inputs.microvm-sweep.flakeModules.default ];
    systems = [ "${SYSTEM}" ];
    flake.nixosConfigurations = import ./hosts.nix inputs;
    microvm-sweep = {
      dir = ./pages;
      policy = { limit = 3; };
    };
  };
}
`;

const HOSTS_FILE = `inputs@{ self, nixpkgs, microvm, ... }:
nixpkgs.lib.genAttrs ${HOSTS} (name: nixpkgs.lib.nixosSystem {
  specialArgs = { inherit self nixpkgs microvm; };
  modules = [
    microvm.nixosModules.host
    ./hosts/common.nix
    ./hosts/\${name}.nix
    (import ./pages).\${name} or { }
  ];
})
`;

describe.skipIf(requireRoot() ?? requireTool("nix", "git"))("the loop of a user", () => {
  beforeAll(addProductionPackages);

  /** A repository of a new user: hosts that import their pages, and none generated. */
  function checkout(flake: string) {
    const directory = copyExamples();
    const path = (file: string) => join(directory, file);
    rmSync(path("sweep"), { recursive: true });
    renameSync(path("flake.nix"), path("old-flake.nix"));
    rmSync(path("old-flake.nix"));
    writeFileSync(path("flake.nix"), flake);
    writeFileSync(path("hosts.nix"), HOSTS_FILE);
    const overrides = {
      ...STANDIN,
      ...standins(),
      "microvm-sweep": ourFlake(),
      ...(flake.includes("flake-parts") ? { "flake-parts": FLAKE_PARTS } : {}),
    };
    const PATH = pathWithStandins(temporary(), overrides);
    const run = (...args: string[]) => nix(directory, args, overrides, { PATH });
    const shell = (script: string) => {
      const { status, stderr } = spawnSync("bash", ["-ec", script], {
        cwd: directory,
        encoding: "utf8",
      });
      expect(status, stderr).toBe(0);
    };
    shell("git init --quiet && git add .");
    return { directory, path, run, shell };
  }

  it.each([
    ["without flake-parts", PLAIN],
    ["with flake-parts", WITH_FLAKE_PARTS],
  ])("change a MicroVM, nix run .#gen, git add, build: %s", async (_what, flake) => {
    const { directory, path, run, shell } = checkout(flake);
    const build = (host: string) =>
      run("build", "--no-link", `.#nixosConfigurations.${host}.config.system.build.toplevel`);
    const check = (host: string) =>
      run("build", "--no-link", "--print-build-logs", `.#checks.${SYSTEM}.microvm-sweep-${host}`);

    // Nothing is there that the hosts import: the message has the lines that make it.
    const first = await run("run", ".#gen");
    expect(first.status, first.stderr).toBe(3);
    const [, lines = ""] = /hint: .*: (mkdir .*)\n/.exec(first.stderr) ?? [];
    expect(lines).toContain("echo '{ }' > pages/default.nix");
    shell(lines);

    const second = await run("run", ".#gen");
    expect(second.stderr).toContain("2 written, 0 unchanged, 0 removed\n");
    expect(second.stderr).toContain("run git add pages\n");
    expect(second.status).toBe(0);
    shell("git add pages");
    const page = readFileSync(path("pages/imperative.nix"), "utf8");
    expect(page).toContain("\n#   nix run .#gen\n");
    expect(page).toContain('"--limit=3"');
    for (const host of ["one-host", "imperative"]) {
      expect(await build(host)).toMatchObject({ status: 0 });
      expect(await check(host)).toMatchObject({ status: 0 });
    }

    edit(directory, { file: "hosts/imperative.nix", from: /vms\.fw\.config = .*;/u, to: "" });
    const stale = await build("imperative");
    expect(stale.stderr).toContain(
      "for imperative is out of date: fw left the configuration. Generate it again: nix run .#gen",
    );
    const failed = await check("imperative");
    expect(failed.stderr).toContain("to make it again, run: nix run .#gen\n");
    expect((await run("run", ".#gen")).stderr).toContain("1 written, 1 unchanged, 0 removed\n");
    expect(await build("imperative")).toMatchObject({ status: 0 });
    expect(await check("imperative")).toMatchObject({ status: 0 });
    expect(existsSync(path("pages/microvm-sweep/act.bash"))).toBe(true);
  });
});
