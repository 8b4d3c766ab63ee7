import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { documentExpression } from "../../src/nix/extractorExpressions.ts";
import { runCli } from "../cli/support/runCli.ts";
import { nixJson, pathWithStandins } from "../support/nix.ts";
import { requireTool } from "../support/require.ts";
import { copyExample } from "./copyExample.ts";
import { EXAMPLES, EXAMPLES_DIRECTORY } from "./examples.ts";
import { golden } from "./golden.ts";

describe.skipIf(requireTool("nix")).each(EXAMPLES)("example $name", (example) => {
  const { name, modules, overrides } = example;
  const committed = (file: string) => join(EXAMPLES_DIRECTORY, name, file);

  it("is recorded in usage.json", async () => {
    const args = ["eval", ".#nixosConfigurations", "--apply", documentExpression()];
    const usage = await nixJson(copyExample(example), args, overrides);
    const text = `${JSON.stringify(usage, undefined, 2)}\n`;
    expect(text).toBe(golden(committed("usage.json"), text));
  });

  it("has the modules that the command in their header makes", async () => {
    const directory = copyExample(example);
    const PATH = pathWithStandins(dirname(directory), overrides);
    for (const [host, file] of Object.entries(modules)) {
      writeFileSync(join(directory, file), "{ }\n");
      const args = ["gen", "--flake", ".", "--host", host, "--out", file];
      const { status, stderr } = await runCli(args, { cwd: directory, env: { PATH } });
      expect(status, stderr).toBe(0);
      const text = readFileSync(join(directory, file), "utf8");
      expect(text).toBe(golden(committed(file), text));
      expect(text).toContain(`\n#   microvm-sweep ${args.join(" ")}\n`);
    }
  });

  it("has the modules that its usage.json makes, header apart", async () => {
    const body = (text: string) =>
      text.replace(/^(#.*\n)+/u, "").replace(/To make it again, run: .*/u, "");
    for (const [host, file] of Object.entries(modules)) {
      const args = ["gen", "--usage", "usage.json", "--host", host];
      const { status, stdout, stderr } = await runCli(args, { cwd: dirname(committed("-")) });
      expect(status, stderr).toBe(0);
      expect(body(stdout)).toBe(body(readFileSync(committed(file), "utf8")));
    }
  });

  it("evaluates with its modules, which declare an activation script and no service", async () => {
    const args = ["eval", ".#nixosConfigurations", "--apply", SUMMARY(Object.keys(modules))];
    const summary = await nixJson(copyExample(example), args, overrides);
    for (const host of Object.keys(modules)) {
      expect(summary).toHaveProperty([host], {
        failed: [],
        activation: { deps: ["etc"], supportsDryActivation: true },
        service: false,
        toplevel: true,
      });
    }
  });
});

/** Nix: what the module comes to in each of the named hosts. */
function SUMMARY(hosts: readonly string[]): string {
  return `configurations: builtins.listToAttrs (map (name: {
    inherit name;
    value = let inherit (configurations.\${name}) config; in {
      failed = map (item: item.message) (builtins.filter (item: !item.assertion) config.assertions);
      activation = {
        inherit (config.system.activationScripts.microvm-sweep) deps supportsDryActivation;
      };
      service = config.systemd.services ? microvm-sweep;
      toplevel = builtins.match ".*-nixos-system-\${name}-.*" config.system.build.toplevel.drvPath != null;
    };
  }) (builtins.fromJSON ''${JSON.stringify(hosts)}''))`;
}
