import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { documentExpression } from "../../src/nix/extractorExpressions.ts";
import { programFiles } from "../../src/page/program.ts";
import { runCli } from "../cli/support/runCli.ts";
import { temporary } from "../cli/support/temporary.ts";
import { nixJson, pathWithStandins } from "../support/nix.ts";
import { requireTool } from "../support/require.ts";
import { copyExamples, EXAMPLES_DIRECTORY, HOSTS, overrides } from "./examples.ts";
import { golden, isUpdate } from "./golden.ts";

const committed = (file: string) => join(EXAMPLES_DIRECTORY, file);

/** Nix: what the pages come to, host by host. */
const SUMMARY = `configurations: builtins.listToAttrs (map (name: {
  inherit name;
  value = let inherit (configurations.\${name}) config; in {
    failed = map (item: item.message) (builtins.filter (item: !item.assertion) config.assertions);
    commands = map (package: package.name) config.environment.systemPackages;
    check = config.system.preSwitchChecks ? microvm-sweep;
    users = config.system.activationScripts.users.deps;
    activation = { inherit (config.system.activationScripts.microvm-sweep) deps supportsDryActivation; };
    service = config.systemd.services ? microvm-sweep;
    toplevel = builtins.match ".*-nixos-system-\${name}-.*" config.system.build.toplevel.drvPath != null;
  };
}) (builtins.fromJSON ''${JSON.stringify(HOSTS)}''))`;

describe("the examples", () => {
  it("are all tested", () => {
    const pages = HOSTS.map((host) => `${host}.nix`);
    expect(readdirSync(committed("sweep")).sort()).toEqual([...pages, "microvm-sweep"].sort());
  });

  it("have the program of this release", () => {
    for (const [name, text] of programFiles()) {
      expect(text).toBe(golden(committed(`sweep/microvm-sweep/${name}`), text));
    }
    expect(readdirSync(committed("sweep/microvm-sweep"))).toEqual([...programFiles().keys()]);
  });

  it("are written again on demand, and never under CI", () => {
    expect(isUpdate({})).toBe(false);
    expect(isUpdate({ UPDATE_GOLDEN: "1" })).toBe(true);
    expect(isUpdate({ CI: "true" })).toBe(false);
    expect(() => isUpdate({ CI: "true", UPDATE_GOLDEN: "1" })).toThrow(/refused under CI/u);
  });
});

describe.skipIf(requireTool("nix"))("the flake of the examples", () => {
  it("is recorded in usage.json", async () => {
    const args = ["eval", ".#nixosConfigurations", "--apply", documentExpression()];
    const usage = await nixJson(copyExamples(), args, overrides());
    const text = `${JSON.stringify(usage, undefined, 2)}\n`;
    expect(text).toBe(golden(committed("usage.json"), text));
  });

  it.each(HOSTS)("has the page that the command in its header makes: %s", async (host) => {
    const directory = copyExamples();
    const out = `sweep/${host}.nix`;
    writeFileSync(join(directory, out), "{ }\n");
    const args = ["gen", "--flake", ".", "--host", host, "--out", out];
    const PATH = pathWithStandins(temporary(), overrides());
    const { status, stderr } = await runCli(args, { cwd: directory, env: { PATH } });
    expect(status, stderr).toBe(0);
    const text = readFileSync(join(directory, out), "utf8");
    expect(text).toBe(golden(committed(out), text));
    expect(text).toContain(`\n#   microvm-sweep ${args.join(" ")}\n`);
    // A reviewer reads a page in a minute.
    expect(text.split("\n").length - 1).toBeLessThanOrEqual(80);
  });

  it.each(HOSTS)("has the page that usage.json makes, except for its command: %s", async (host) => {
    const args = ["check", `sweep/${host}.nix`, "--usage", "usage.json", "--host", host];
    const { status, stdout } = await runCli(args, { cwd: EXAMPLES_DIRECTORY });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  it("evaluates with its pages", async () => {
    const args = ["eval", ".#nixosConfigurations", "--apply", SUMMARY];
    const summary = await nixJson(copyExamples(), args, overrides());
    const expected = {
      failed: [],
      commands: ["sweep-microvms"],
      check: false,
      users: ["microvm-sweep"],
      activation: { deps: ["specialfs"], supportsDryActivation: true },
      service: false,
      toplevel: true,
    };
    expect(summary).toEqual(Object.fromEntries(HOSTS.map((host) => [host, expected])));
  });
});
