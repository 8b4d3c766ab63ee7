import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { documentExpression } from "../../src/nix/extractorExpressions.ts";
import type { Host, UsageDocument } from "../../src/usage/model.ts";
import { temporary } from "../cli/support/temporary.ts";
import { nix, nixJson, STANDIN, standinNixpkgs } from "../support/nix.ts";
import { requireTool } from "../support/require.ts";
import { documentErrors } from "../usage/shapeErrors.ts";

/** What a configuration without the host module and without settings comes to. */
const BARE: Host = {
  system: "x86_64-linux",
  nixosRelease: "26.05",
  role: "host",
  hostModule: "absent",
  stateDir: "/var/lib/microvms",
  autostart: [],
  activationScripts: true,
  etcOverlay: "none",
  vms: {},
};
const CONFIG = { kind: "config", autostart: true, updateFlake: null } as const;

interface Case {
  /** Modules of the configuration, in Nix. `host` and `guest` are those of microvm.nix. */
  readonly modules: string;
  /** What of it differs from a bare configuration. */
  readonly differs: Partial<Host>;
  /** Attributes beside `modules` that nixosSystem gets. */
  readonly more?: string;
  /** Whether nothing says `nixpkgs.hostPlatform`. */
  readonly withoutPlatform?: boolean;
}

const CASES: Readonly<Record<string, Case>> = {
  absent: { modules: "", differs: {} },
  disabled: {
    modules: "host { microvm.host.enable = false; microvm.vms.fw = { }; }",
    differs: { hostModule: "disabled", vms: { fw: CONFIG } },
  },
  enabled: { modules: "host", differs: { hostModule: "enabled" } },
  guest: { modules: "guest", differs: { role: "guest" } },
  guestSwitchedOff: { modules: "guest { microvm.guest.enable = false; }", differs: {} },
  // Before microvm.nix had guest.enable, whoever had the option hypervisor was a guest.
  guestOfOldRelease: {
    modules: '{ options.microvm.hypervisor = lib.mkOption { default = "qemu"; }; }',
    differs: { role: "guest" },
  },
  nestedHost: {
    modules: "guest host",
    differs: { role: "guest", hostModule: "enabled" },
  },
  nestedHostWithVms: {
    modules: "guest host { microvm.vms.fw = { }; }",
    differs: { hostModule: "enabled", autostart: ["fw"], vms: { fw: CONFIG } },
  },
  config: {
    modules: 'host { microvm.vms.fw.config = throw "a guest was evaluated"; }',
    differs: { hostModule: "enabled", autostart: ["fw"], vms: { fw: CONFIG } },
  },
  configModule: {
    modules: "host { microvm.vms.fw.config = { pkgs, ... }: { networking.hostName = pkgs.no; }; }",
    differs: { hostModule: "enabled", autostart: ["fw"], vms: { fw: CONFIG } },
  },
  evaluatedConfig: {
    modules: 'host { microvm.vms.fw.evaluatedConfig = throw "a guest was evaluated"; }',
    differs: { hostModule: "enabled", autostart: ["fw"], vms: { fw: CONFIG } },
  },
  flake: {
    modules: "host { microvm.vms.fw.flake = self; }",
    differs: {
      hostModule: "enabled",
      autostart: ["fw"],
      vms: { fw: { ...CONFIG, kind: "flake" } },
    },
  },
  updateFlake: {
    modules:
      'host { microvm.vms.fw = { flake = self; updateFlake = "git+https://git.invalid/a"; }; }',
    differs: {
      hostModule: "enabled",
      autostart: ["fw"],
      vms: { fw: { kind: "flake", autostart: true, updateFlake: "git+https://git.invalid/a" } },
    },
  },
  byCondition: {
    modules:
      "host { microvm.vms = { a = { }; b = lib.mkIf false { }; }; } { microvm.vms.c = { }; }",
    differs: { hostModule: "enabled", autostart: ["a", "c"], vms: { a: CONFIG, c: CONFIG } },
  },
  autostart: {
    modules: `host {
      microvm.vms = { z = { }; m.autostart = false; a = { }; };
      microvm.autostart = [ "imp" "z" "b" ];
    }`,
    differs: {
      hostModule: "enabled",
      autostart: ["a", "b", "imp", "z"],
      vms: { a: CONFIG, m: { ...CONFIG, autostart: false }, z: CONFIG },
    },
  },
  stateDir: {
    modules: 'host { microvm.stateDir = "/srv/vms"; }',
    differs: { hostModule: "enabled", stateDir: "/srv/vms" },
  },
  mutableOverlay: {
    modules: "{ system.etc.overlay.enable = true; }",
    differs: { etcOverlay: "mutable" },
  },
  immutableOverlay: {
    modules: "{ system.etc.overlay = { enable = true; mutable = false; }; }",
    differs: { etcOverlay: "immutable" },
  },
  unusedOverlay: {
    modules: "{ system.etc.overlay.mutable = false; }",
    differs: { etcOverlay: "none" },
  },
  withoutActivationScripts: {
    modules: '{ disabledModules = [ "activation-script.nix" ]; }',
    differs: { activationScripts: false },
  },
  notActivatable: {
    modules: "{ system.activatable = false; }",
    differs: { activationScripts: false },
  },
  failedAssertion: {
    modules: '{ assertions = [ { assertion = false; message = "no"; } ]; }',
    differs: {},
  },
  otherPlatform: {
    modules: '{ nixpkgs.hostPlatform = lib.mkForce "aarch64-linux"; }',
    differs: { system: "aarch64-linux" },
  },
  platformAsSet: {
    modules: '{ nixpkgs.hostPlatform = lib.mkForce { system = "aarch64-linux"; }; }',
    differs: { system: "aarch64-linux" },
  },
  systemArgument: {
    modules: "",
    more: 'system = "aarch64-linux";',
    withoutPlatform: true,
    differs: { system: "aarch64-linux" },
  },
};

function member({ modules, more = "", withoutPlatform = false }: Case): string {
  const platform = withoutPlatform ? "" : '{ nixpkgs.hostPlatform = "x86_64-linux"; }';
  return `nixpkgs.lib.nixosSystem { ${more} modules = [ ${platform} ${modules} ]; }`;
}

/** A flake with one configuration for each case. */
function flakeOf(cases: Readonly<Record<string, Case>>): string {
  const directory = join(temporary(), "flake");
  const members = Object.entries(cases).map(([name, item]) => `${name} = ${member(item)};`);
  mkdirSync(directory);
  writeFileSync(
    join(directory, "flake.nix"),
    `{
      inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
      inputs.microvm.url = "github:microvm-nix/microvm.nix";
      outputs = { self, nixpkgs, microvm }:
        let
          inherit (nixpkgs) lib;
          inherit (microvm.nixosModules) host;
          guest = microvm.nixosModules.microvm;
        in { nixosConfigurations = { ${members.join("\n")} }; };
    }`,
  );
  return directory;
}

const EVAL = ["eval", ".#nixosConfigurations", "--apply"];

describe.skipIf(requireTool("nix"))("the extractor on configurations of the module system", () => {
  it("makes of each what it declares, and evaluates no guest", async () => {
    const document = await nixJson(flakeOf(CASES), [...EVAL, documentExpression()], STANDIN);
    expect(documentErrors(document)).toEqual([]);
    const { hosts } = document as UsageDocument;
    for (const [name, { differs }] of Object.entries(CASES)) {
      expect(hosts[name], name).toEqual({ ...BARE, ...differs });
    }
    expect(Object.keys(hosts).sort()).toEqual(Object.keys(CASES).sort());
  });

  it("would have met the guests that throw: forcing one fails", async () => {
    const force = "configurations: configurations.configModule.config.microvm.vms.fw.config.config";
    const { status, stderr } = await nix(flakeOf(CASES), [...EVAL, force], STANDIN);
    expect(status).not.toBe(0);
    expect(stderr).toContain("the guest fw was evaluated");
  });

  it("instantiates no derivation", async () => {
    const directory = flakeOf(CASES);
    const toplevel = "all: all.enabled.config.system.build.toplevel.drvPath";
    const seen = async (apply: string) => {
      const { status, stderr } = await nix(directory, [...EVAL, apply, "-vvv"], STANDIN);
      expect(status, stderr).toBe(0);
      return stderr.includes("instantiated '");
    };
    expect(await seen(toplevel)).toBe(true);
    expect(await seen(`all: builtins.toJSON ((${documentExpression()}) all)`)).toBe(false);
  });

  it("gives the release of the nixpkgs that the configuration is built from", async () => {
    const nixpkgs = standinNixpkgs(temporary(), { release: "24.05" });
    const args = [...EVAL, documentExpression()];
    const document = await nixJson(flakeOf({ absent: { modules: "", differs: {} } }), args, {
      ...STANDIN,
      nixpkgs,
    });
    expect(document).toMatchObject({ hosts: { absent: { nixosRelease: "24.05" } } });
  });

  it.each([
    { what: "an option that does not exist", modules: "host { microvm.vmz = { }; }" },
    { what: "a value of the wrong type", modules: "host { microvm.vms.fw.autostart = 1; }" },
  ])("passes on the module system's own error: $what", async ({ modules }) => {
    const directory = flakeOf({ bad: { modules, differs: {} } });
    const { status, stderr } = await nix(directory, [...EVAL, documentExpression()], STANDIN);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/microvm\.vm(?:z|s\.fw\.autostart)'/u);
  });
});
