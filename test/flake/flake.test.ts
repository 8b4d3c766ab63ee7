import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { release } from "../../src/page/program.ts";
import { runCli } from "../cli/support/runCli.ts";
import { temporary } from "../cli/support/temporary.ts";
import { copyExamples, EXAMPLES_DIRECTORY, overrides } from "../examples/examples.ts";
import { addLockedPackages, addProductionPackages, HASHES } from "../support/lockedPackages.ts";
import { nix, nixJson, pathWithStandins } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { standins } from "./standins.ts";
import { SYSTEM } from "./system.ts";

const needs = requireRoot() ?? requireTool("nix", "shellcheck");
const withoutNixfmt = requireTool("nixfmt");
const withoutCrates = requireTool("deadnix", "nixfmt");

describe.skipIf(needs)("our flake", () => {
  beforeAll(addProductionPackages);

  /** Runs nix on the flake; what it says comes with a failure. */
  async function must(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await nix(ourFlake(), args, standins());
    if (status !== 0) throw new Error(`nix ${args.join(" ")}:\n${stderr}`);
    return stdout;
  }

  it("builds a package that needs Node and nothing else", async () => {
    const result = join(temporary(), "result");
    await must("build", ".", "--out-link", result);
    expect(readdirSync(`${result}/`)).toEqual(["bin", "lib", "share"]);
    expect(readdirSync(join(result, "bin"))).toEqual(["microvm-sweep"]);
    const program = join(result, "bin/microvm-sweep");
    expect(spawnSync(program, ["--version"], { encoding: "utf8" }).stdout).toBe(
      (await runCli(["--version"])).stdout,
    );
    const shared = readdirSync(`${result}/share/`, { recursive: true, encoding: "utf8" });
    for (const name of ["microvm-sweep", "sweep-microvms"]) {
      expect(shared).toContain(`bash-completion/completions/${name}`);
      expect(shared).toContain(`zsh/site-functions/_${name}`);
      expect(shared).toContain(`fish/vendor_completions.d/${name}.fish`);
    }
    expect(shared).toContain("man/man1/microvm-sweep.1");
    expect(shared).toContain("man/man8/sweep-microvms.8");
    const closure = spawnSync("nix-store", ["--query", "--requisites", result], {
      encoding: "utf8",
    });
    const names = closure.stdout.trim().split("\n");
    // `tools` is how the stand-in names the machine's Node.
    expect(names.map((path) => path.replace(/^.{44}/u, "")).sort()).toEqual([
      `microvm-sweep-${release()}`,
      "nodejs",
      "tools",
    ]);
  });

  it("has the same program for each system, and in its overlay", async () => {
    const of = "packages: builtins.mapAttrs (_: set: set.default.name) packages";
    expect(await nixJson(ourFlake(), ["eval", ".#packages", "--apply", of], standins())).toEqual({
      "aarch64-darwin": `microvm-sweep-${release()}`,
      "aarch64-linux": `microvm-sweep-${release()}`,
      "x86_64-linux": `microvm-sweep-${release()}`,
    });
    const overlay = `overlay: (import ${standins()["nixpkgs"]} {
      system = "${SYSTEM}";
      overlays = [ overlay ];
    }).microvm-sweep.drvPath`;
    const args = ["eval", "--impure", "--raw", ".#overlays.default", "--apply", overlay];
    expect(await must(...args)).toBe(
      await must("eval", "--raw", `.#packages.${SYSTEM}.default.drvPath`),
    );
  });

  it("runs: nix run .#gen -- --flake . --host one-host --out sweep/one-host.nix", async () => {
    const directory = copyExamples();
    const out = "sweep/one-host.nix";
    writeFileSync(join(directory, out), "{ }\n");
    const PATH = pathWithStandins(temporary(), overrides());
    const gen = ["--flake", ".", "--host", "one-host", "--out", out];
    const run = ["run", `${ourFlake()}#gen`, "--", ...gen];
    const { status, stderr } = await nix(directory, run, standins(), { PATH });
    expect(status, stderr).toBe(0);
    expect(readFileSync(join(directory, out), "utf8")).toBe(
      readFileSync(join(EXAMPLES_DIRECTORY, out), "utf8"),
    );
  });

  it("runs the program as a whole: nix run . -- schema", async () => {
    expect(await must("run", ".", "--", "schema")).toBe((await runCli(["schema"])).stdout);
  });

  it("passes its own checks", async () => {
    const development = HASHES.development[SYSTEM];
    addLockedPackages(development, []);
    if (withoutCrates === undefined) await must("flake", "check");
    const checks = [
      "unit-tests",
      "shellcheck",
      "page",
      "examples",
      "module-options",
      "module-program",
    ];
    await must("build", "--no-link", ...checks.map((name) => `.#checks.${SYSTEM}.${name}`));
  });

  it.skipIf(withoutCrates)(
    "finds an example that is out of date, and Nix that is not formatted or not used",
    async () => {
      const directory = join(temporary(), "flake");
      cpSync(ourFlake(), directory, { recursive: true });
      const usage = join(directory, "examples/usage.json");
      writeFileSync(usage, readFileSync(usage, "utf8").replace('"build"', '"a"'));
      writeFileSync(join(directory, "src/flake/ugly.nix"), "{b}:{a=1;}\n");
      for (const [name, says] of [
        ["examples", '-    "--autostart=build"'],
        ["formatting", "ugly.nix"],
        ["lint", "Unused lambda pattern: b"],
      ] as const) {
        const args = ["build", `.#checks.${SYSTEM}.${name}`, "--print-build-logs", "--no-link"];
        const { status, stderr } = await nix(directory, args, standins());
        expect(status, name).not.toBe(0);
        expect(stderr).toContain(says);
      }
    },
  );

  it.skipIf(withoutNixfmt)("formats Nix: nix fmt", async () => {
    const directory = join(temporary(), "flake");
    cpSync(ourFlake(), directory, { recursive: true });
    const file = join(directory, "ugly.nix");
    writeFileSync(file, "{a=1;}\n");
    const { status, stderr } = await nix(directory, ["fmt", "ugly.nix"], standins());
    expect(status, stderr).toBe(0);
    expect(readFileSync(file, "utf8")).toBe("{ a = 1; }\n");
  });

  it.skipIf(withoutNixfmt)("has a shell to work in: nix develop", async () => {
    const { status, stderr } = await nix(
      ourFlake(),
      ["develop", "--command", "bash", "-c", "node --version && type shellcheck nixfmt"],
      standins(),
    );
    expect(status, stderr).toBe(0);
  });

  it("starts a host: nix flake init", async () => {
    const directory = join(temporary(), "host");
    mkdirSync(directory);
    const { status, stderr } = await nix(
      directory,
      ["flake", "init", "--template", ourFlake()],
      {},
    );
    expect(status, stderr).toBe(0);
    expect(readdirSync(directory).sort()).toEqual(["configuration.nix", "flake.nix"]);
  });
});
