import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nix } from "../support/nix.ts";
import { requireTool } from "../support/require.ts";
import { copyExample } from "./copyExample.ts";
import { EXAMPLES } from "./examples.ts";

/** Evaluates the toplevel of hyp-01 in a copy of an example after `change` to one of its files. */
async function toplevel(name: string, file: string, change: (text: string) => string) {
  const example = EXAMPLES.find((item) => item.name === name);
  if (example === undefined) throw new Error(`no example ${name}`);
  const directory = copyExample(example);
  const path = join(directory, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  writeFileSync(path, after);
  const attribute = ".#nixosConfigurations.hyp-01.config.system.build.toplevel.drvPath";
  const run = await nix(directory, ["eval", "--raw", attribute], example.overrides);
  return { ...run, changed: before !== after };
}

const COMMAND = "To make it again, run: microvm-sweep gen --flake . --host hyp-01 --out";

describe.skipIf(requireTool("nix"))("a configuration that has drifted from its module", () => {
  it.each([
    {
      what: "a VM is gone",
      name: "one-host",
      file: "configuration.nix",
      from: "web.flake = self;",
      to: "",
      says: "microvm.vms: generated for db, fw, lab, web; declared now db, fw, lab\n",
      out: "microvm-sweep.nix",
    },
    {
      what: "a VM is new",
      name: "fleet",
      file: "hosts/hyp-01.nix",
      from: "vms = {",
      to: "vms = { new.config = { };",
      says: "microvm.vms: generated for fw, mail; declared now fw, mail, new\n",
      out: "hyp-01.nix",
    },
    {
      what: "the first VM of a host without the host module",
      name: "removed-module",
      file: "flake.nix",
      from: "./configuration.nix",
      to: "./configuration.nix ({ lib, ... }: { options.microvm.vms = lib.mkOption { default.fw = { }; }; })",
      says: "microvm.vms: generated for none; declared now fw\n",
      out: "microvm-sweep.nix",
    },
    {
      what: "an imperative VM is off the list",
      name: "imperative",
      file: "configuration.nix",
      from: 'autostart = [ "build" ];',
      to: "",
      says: "microvm.autostart: generated for build, fw; declared now fw\n",
      out: "microvm-sweep.nix",
    },
    {
      what: "the state directory is another",
      name: "fleet",
      file: "hosts/hyp-01.nix",
      from: '"/srv/microvms"',
      to: '"/srv/vms"',
      says: "microvm.stateDir: generated for /srv/microvms; declared now /srv/vms\n",
      out: "hyp-01.nix",
    },
  ])("fails with the command to run: $what", async ({ name, file, from, to, says, out }) => {
    const { status, stderr, changed } = await toplevel(name, file, (text) =>
      text.replace(from, to),
    );
    expect(changed).toBe(true);
    expect(status, stderr).not.toBe(0);
    expect(stderr).toContain("Failed assertions:\n");
    expect(stderr).toContain(says);
    expect(stderr).toContain(`${COMMAND} ${out}\n`);
  });

  it("does not fail where only what the module does not depend on has changed", async () => {
    const { status, stderr, changed } = await toplevel("one-host", "configuration.nix", (text) =>
      text.replace("by-label/nixos", "by-label/other"),
    );
    expect(changed).toBe(true);
    expect(status, stderr).toBe(0);
  });
});
