import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { addProgramTo } from "../cli/support/runCli.ts";
import { temporary } from "../cli/support/temporary.ts";
import { blocksOf } from "../docs/pages.ts";
import { overrides } from "../examples/examples.ts";
import { type NixRun, nix, pathWithStandins } from "../support/nix.ts";
import { requireRoot, requireTool } from "../support/require.ts";

const HOSTS = ["hyp-01", "hyp-02", "hyp-03"];

/** The one block of a page that is in a language and has a text. */
function blockWith(page: string, language: string, text: string): string {
  const found = blocksOf(page).filter((b) => b.language === language && b.text.includes(text));
  expect(found, `${page}: ${text}`).toHaveLength(1);
  return found[0]?.text ?? "";
}

/** A flake under git with three hosts of one MicroVM each, made as a page shows it. */
class Fleet {
  readonly directory = temporary();
  readonly #path: string;

  /** @param outputs the attributes that the page shows, with `hosts` in scope */
  constructor(outputs: string) {
    const hosts = HOSTS.map((name) => `${name} = host "${name}";`).join("\n");
    writeFileSync(
      join(this.directory, "flake.nix"),
      `{
        inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
        inputs.microvm.url = "github:microvm-nix/microvm.nix";
        inputs.microvm-sweep.url = "github:microvm-sweep/microvm-sweep";
        inputs.microvm-sweep.inputs.nixpkgs.follows = "nixpkgs";
        outputs = { nixpkgs, microvm, microvm-sweep, ... }: let
          inherit (nixpkgs) lib;
          host = name: {
            imports = [ microvm.nixosModules.host ];
            nixpkgs.hostPlatform = "x86_64-linux";
            microvm.vms."vm-of-\${name}".config = { };
          };
          hosts = { ${hosts} };
        in { ${outputs} };
      }`,
    );
    const bin = temporary();
    this.#path = [bin, pathWithStandins(temporary(), overrides())].join(delimiter);
    addProgramTo(bin);
  }

  /** Runs shown commands as a shell does that stops at the first error. */
  run(commands: string): Promise<NixRun> {
    const child = spawn("bash", ["-ec", commands], {
      cwd: this.directory,
      env: { ...process.env, PATH: this.#path },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
      });
    }
    return new Promise((resolve) => {
      child.once("close", (status) => resolve({ status, ...output }));
    });
  }

  /** Evaluates each host with what git tracks, its page and the guard in it. */
  async evaluate(what = "system.build.toplevel.drvPath"): Promise<NixRun> {
    const apply = `configurations: map (name: configurations.\${name}.config.${what}) [
      ${HOSTS.map((name) => `"${name}"`).join(" ")}
    ]`;
    const args = ["eval", "--json", ".#nixosConfigurations", "--apply", apply];
    return nix(this.directory, args, overrides());
  }
}

describe.skipIf(requireRoot() ?? requireTool("nix", "git"))(
  "a fleet as docs/fleets.md shows it",
  () => {
    const index = blockWith("docs/fleets.md", "nix", "(import ./sweep)");
    const first = blockWith("docs/fleets.md", "sh", "gen --all --flake");

    it("gets its pages and its index in the first run of gen --all, and takes a second", async () => {
      const fleet = new Fleet(index);
      expect((await fleet.run("git init --quiet && git add .")).status).toBe(0);
      for (const summary of ["3 written, 0 unchanged", "0 written, 3 unchanged"]) {
        const { status, stderr } = await fleet.run(first);
        expect(status, stderr).toBe(0);
        expect(stderr).toContain(summary);
      }
      const page = readFileSync(join(fleet.directory, "sweep/hyp-02.nix"), "utf8");
      expect(page).toContain('"--vm=vm-of-hyp-02"');
      const { status, stderr } = await fleet.evaluate();
      expect(status, stderr).toBe(0);
    });

    it("cannot be evaluated without the empty index", async () => {
      const fleet = new Fleet(index);
      const { status, stderr } = await fleet.run(
        "git init --quiet && git add . && microvm-sweep gen --all --flake . --out-dir sweep",
      );
      expect(status, stderr).toBe(3);
      expect(existsSync(join(fleet.directory, "sweep"))).toBe(false);
    });

    it("gets its pages one by one, too", async () => {
      const fleet = new Fleet(`nixosConfigurations = lib.mapAttrs (
      name: module: lib.nixosSystem { modules = [ module ./sweep/\${name}.nix ]; }
    ) hosts;`);
      expect((await fleet.run("git init --quiet && git add .")).status).toBe(0);
      const loop = `mkdir -p sweep
        for host in hyp-01 hyp-02 hyp-03; do
          [ -e "sweep/$host.nix" ] || echo '{ }' > "sweep/$host.nix"
          git add "sweep/$host.nix"
          microvm-sweep gen --flake . --host "$host" --out "sweep/$host.nix"
        done
        git add sweep`;
      for (const says of [/^wrote sweep\/hyp-0\d\.nix$/gmu, /^sweep\/.*\.nix is up to date$/gmu]) {
        const { status, stderr } = await fleet.run(loop);
        expect(status, stderr).toBe(0);
        expect(stderr.match(says)).toHaveLength(HOSTS.length);
      }
      const { status, stderr } = await fleet.evaluate();
      expect(status, stderr).toBe(0);
    });

    it("takes the live module, and the command from docs/install.md", async () => {
      const live = blockWith("docs/fleets.md", "nix", "nixosModules.default");
      const command = blockWith("docs/install.md", "nix", "environment.systemPackages");
      const both = live.replace("module\n", `module\n(${command})\n`);
      expect(both).not.toBe(live);
      const fleet = new Fleet(both);
      const { status, stdout, stderr } = await fleet.evaluate("services.microvm-sweep.limit");
      expect(status, stderr).toBe(0);
      expect(JSON.parse(stdout)).toEqual([3, 3, 3]);
      const packages = await fleet.evaluate("environment.systemPackages");
      expect(packages.stdout, packages.stderr).toMatch(/-microvm-sweep-[0-9.]+"/);
    });
  },
);
