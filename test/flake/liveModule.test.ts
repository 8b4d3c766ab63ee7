import { beforeAll, describe, expect, it } from "vitest";
import { FIRST_SERVICE_RELEASE } from "../../src/emit/moduleView.ts";
import { choices } from "../../src/policy/policy.ts";
import { temporary } from "../cli/support/temporary.ts";
import { addProductionPackages } from "../support/lockedPackages.ts";
import { nixJson, standinNixpkgs } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { LiveHost, type LiveHostChange } from "./liveHost.ts";
import { standins } from "./standins.ts";

const SERVICES = "services.microvm-sweep";

describe.skipIf(requireRoot() ?? requireTool("nix"))("the live module", () => {
  beforeAll(addProductionPackages);

  it.each<LiveHostChange & { readonly what: string; readonly says: string }>([
    {
      what: "enabled",
      lines: 'microvm.vms.web.config = { }; microvm.autostart = [ "imp" ];',
      says: "vms=(fw web)\nautostart=(fw imp web)\nstate_dir=/var/lib/microvms\n",
    },
    {
      what: "enabled, with its state elsewhere",
      lines: 'microvm.stateDir = "/srv/microvms";',
      says: "vms=(fw)\nautostart=(fw)\nstate_dir=/srv/microvms\n",
    },
    { what: "disabled", lines: "microvm.host.enable = false;", says: "vms=(fw)\nautostart=()\n" },
    { what: "absent", hostModule: false, says: "vms=()\nautostart=()\n" },
  ])("activates what gen emits: host module $what", async ({ says, ...change }) => {
    const host = new LiveHost(change);
    const text = await host.script();
    expect(text).toContain(says);
    expect(text).toBe(await host.generated());
  });

  it("activates what gen emits: with every setting of the policy", async () => {
    const host = new LiveHost({
      lines: `${SERVICES} = {
        orphans = "stop-all"; unitFiles = "quarantine"; state = "delete"; gcroots = "keep";
        keep = [ "lab" "imp" ]; stateDelete = [ "web" ]; unitDirs = [ "/etc/systemd/other" ];
      };`,
    });
    const flags =
      "--orphans stop-all --unit-files quarantine --state delete --gcroots keep --keep lab " +
      "--keep imp --state-delete web --unit-dir /etc/systemd/other";
    expect(await host.script()).toBe(await host.generated(...flags.split(" ")));
  });

  it("is an activation script, and nothing else has to be said than to import it", async () => {
    const { activation, service, script, failed } = await new LiveHost({}).summary();
    expect(activation).toEqual({
      deps: ["etc"],
      supportsDryActivation: true,
      text: `. ${script}`,
    });
    expect({ service, failed }).toEqual({ service: null, failed: [] });
  });

  it.each<LiveHostChange & { readonly what: string }>([
    {
      what: "where NixOS has no activation scripts",
      lines: 'disabledModules = [ "activation-script.nix" ];',
    },
    { what: "where NixOS runs none", lines: "system.activatable = false;" },
    { what: "where it is told so", lines: `${SERVICES}.backend = "service";` },
  ])("is a service $what", async (change) => {
    const { activation, service, script, failed } = await new LiveHost(change).summary();
    expect(activation).toBeNull();
    expect(service).toBe(`. ${script}`);
    expect(failed).toEqual([]);
  });

  it("is a service from the release on from which the emitted module is one", async () => {
    const before = standinNixpkgs(temporary(), { release: "26.05" });
    const from = standinNixpkgs(temporary(), { release: FIRST_SERVICE_RELEASE });
    expect((await new LiveHost({ nixpkgs: before }).summary()).service).toBeNull();
    expect((await new LiveHost({ nixpkgs: from }).summary()).activation).toBeNull();
    const told = `${SERVICES}.backend = "activation";`;
    const { activation } = await new LiveHost({ nixpkgs: from, lines: told }).summary();
    expect(activation).not.toBeNull();
  });

  it("says so where it is to be an activation script and there is none", async () => {
    const lines = `disabledModules = [ "activation-script.nix" ]; ${SERVICES}.backend = "activation";`;
    const { failed } = await new LiveHost({ lines }).summary();
    expect(failed).toEqual([expect.stringContaining('use "service"')]);
  });

  it.each<LiveHostChange & { readonly what: string }>([
    { what: "is switched off", lines: `${SERVICES}.enable = false;` },
    {
      what: "is imported by a guest, as a module of all configurations is",
      hostModule: false,
      modules: "microvm.nixosModules.microvm",
    },
  ])("does nothing where it $what", async (change) => {
    const { activation, service } = await new LiveHost(change).summary();
    expect({ activation, service }).toEqual({ activation: null, service: null });
  });

  it("may be imported twice", async () => {
    const host = new LiveHost({ modules: "microvm-sweep.nixosModules.default" });
    expect((await host.summary()).failed).toEqual([]);
  });

  it("lets the build fail with our diagnostic where a policy cannot be", async () => {
    const lines = `${SERVICES} = { state = "delete"; stateDelete = [ "fw" ]; };`;
    const log = await new LiveHost({ lines }).script();
    expect(log).toContain("error MS1304: ");
    expect(log).toContain('"fw"');
  });

  it.each([
    ["usage.json", 'microvm.vms."a/b".config = { };'],
    ["policy.json", `${SERVICES}.keep = [ "a/b" ];`],
  ])("names in a fault what was to be read: %s", async (file, lines) => {
    const log = await new LiveHost({ lines }).script();
    expect(log).toMatch(new RegExp(`> ${file}:1:\\d+: error`, "u"));
  });

  it("has the values of the policy, each option with a description", async () => {
    const of = `module: let
      inherit (import ${standins()["nixpkgs"]}/lib) types;
      options = (import ${standins()["nixpkgs"]}/lib).evalModules {
        modules = [ module { _module.args.pkgs = { stdenv.buildPlatform.system = "none"; }; } ];
      };
      inherit (options.options.services) microvm-sweep;
    in builtins.mapAttrs (_: option: {
      type = option.type.description;
      described = builtins.stringLength option.description > 20;
    }) microvm-sweep`;
    const args = ["eval", "--impure", ".#nixosModules.default", "--apply", of];
    const options = (await nixJson(ourFlake(), args, standins())) as Readonly<
      Record<string, { readonly type: string; readonly described: boolean }>
    >;
    const oneOf = (values: readonly string[]) =>
      `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;
    expect(Object.entries(options).filter(([, { described }]) => !described)).toEqual([]);
    const types = Object.fromEntries(
      Object.entries(options).map(([name, { type }]) => [name, type]),
    );
    expect(types).toMatchObject({
      orphans: oneOf(choices("orphans")),
      unitFiles: oneOf(choices("unitFiles")),
      state: oneOf(choices("state")),
      gcroots: oneOf(choices("gcroots")),
      backend: oneOf(choices("backend")),
    });
  });
});
