import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nix } from "../support/nix.ts";
import { requireTool } from "../support/require.ts";
import { copyExamples, type Edit, overrides } from "./examples.ts";

/** Evaluates the toplevel of a host. */
function toplevel(directory: string, host: string) {
  const attribute = `.#nixosConfigurations.${host}.config.system.build.toplevel.drvPath`;
  return nix(directory, ["eval", "--raw", attribute], overrides());
}

const command = (host: string) =>
  `. Generate it again: microvm-sweep gen --flake . --host ${host} --out sweep/${host}.nix\n`;

/** What a host declares without the host module: an option of that name, which means nothing. */
const STRAY = "{ lib, ... }: { options.microvm.vms = lib.mkOption { default.fw = { }; }; }";

describe.skipIf(requireTool("nix"))("a host whose configuration has left its page", () => {
  it.each<{ what: string; host: string; edit: Edit; says: string }>([
    {
      what: "a MicroVM is gone",
      host: "one-host",
      edit: { file: "hosts/one-host.nix", from: "web.flake = self;", to: "" },
      says: "for one-host is out of date: web left the configuration",
    },
    {
      what: "a MicroVM is new",
      host: "state-elsewhere",
      edit: {
        file: "hosts/state-elsewhere.nix",
        from: "vms.mail",
        to: "vms.new.config = { }; vms.mail",
      },
      says: "new is new",
    },
    {
      what: "an imperative MicroVM is off the list",
      host: "imperative",
      edit: { file: "hosts/imperative.nix", from: 'autostart = [ "build" ];', to: "" },
      says: "autostart=build left the configuration",
    },
    {
      what: "the state directory is another",
      host: "state-elsewhere",
      edit: { file: "hosts/state-elsewhere.nix", from: '"/srv/microvms"', to: '"/srv/vms"' },
      says: "state-dir=/srv/microvms left the configuration, state-dir=/srv/vms is new",
    },
    {
      what: "the host module is switched on",
      host: "disabled",
      edit: { file: "hosts/disabled.nix", from: "host.enable = false;", to: "" },
      says: "fw is new",
    },
    {
      what: "the host module is imported",
      host: "removed-module",
      edit: {
        file: "flake.nix",
        from: 'host "removed-module" [ ]',
        to: 'host "removed-module" [ microvm.nixosModules.host { microvm.vms.fw.config = { }; } ]',
      },
      says: "fw is new",
    },
  ])("does not build, and says what to run: $what", async ({ host, edit, says }) => {
    const { status, stderr: raw } = await toplevel(copyExamples(edit), host);
    // Nix indents a message and drops white space at the end of its lines.
    const stderr = raw.replace(/ *\n */gu, "\n");
    expect(status, stderr).not.toBe(0);
    expect(stderr).toContain("Failed assertions:\n");
    expect(stderr).toContain(says);
    expect(stderr).toContain(command(host));
  });

  it.each<{ what: string; host: string; edit: Edit }>([
    {
      what: "another file system",
      host: "one-host",
      edit: { file: "hosts/common.nix", from: "by-label/nixos", to: "by-label/other" },
    },
    {
      what: "whether a MicroVM starts at boot",
      host: "one-host",
      edit: { file: "hosts/one-host.nix", from: "autostart = false;", to: "" },
    },
    {
      what: "an option without the host module",
      host: "removed-module",
      edit: {
        file: "flake.nix",
        from: 'host "removed-module" [ ]',
        to: `host "removed-module" [ (${STRAY}) ]`,
      },
    },
  ])("builds where nothing changed that the sweep depends on: $what", async ({ host, edit }) => {
    const { status, stderr } = await toplevel(copyExamples(edit), host);
    expect(status, stderr).toBe(0);
  });

  it("does not build with the live module beside its page", async () => {
    const from = 'host "one-host" [ microvm.nixosModules.host ]';
    const to = from.replace(" ]", " microvm-sweep.nixosModules.default ]");
    const { status, stderr } = await toplevel(
      copyExamples({ file: "flake.nix", from, to }),
      "one-host",
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain(
      "The page and the live module of microvm-sweep are both imported: drop one.",
    );
  });

  it("does not build where the program is missing, as it is for Nix before git add", async () => {
    const directory = copyExamples();
    rmSync(join(directory, "sweep/microvm-sweep"), { recursive: true });
    const { status, stderr } = await toplevel(directory, "one-host");
    expect(status).not.toBe(0);
    expect(stderr).toContain("sweep/microvm-sweep is missing. Run git add on it");
    expect(stderr).toContain("microvm-sweep gen --flake . --host one-host");
  });
});
