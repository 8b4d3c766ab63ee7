import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { MODEL_PATHS } from "../../src/codegen/generate.ts";
import { allProperties, interfaceNamed } from "../../src/codegen/model.ts";
import { readModel } from "../../src/codegen/readModel.ts";
import { documentExpression, hostLineExpression } from "../../src/nix/extractorExpressions.ts";
import type { Host } from "../../src/usage/model.ts";
import { requireTool } from "../support/require.ts";
import { documentErrors } from "../usage/shapeErrors.ts";
import { evalNix } from "./evalNix.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const EXTRACT = path("../../src/nix/extract.nix");
const MEMBERS = path("extractMembers.nix");

/** The bare minimum: a NixOS of today that knows nothing of microvm.nix. */
const PLAIN: Host = {
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
const CONFIG_VM = { kind: "config", autostart: true, updateFlake: null } as const;
const FLAKE_VM = { kind: "flake", autostart: true, updateFlake: null } as const;

/** What differs from the bare minimum, by the member's name in extractMembers.nix. */
const CASES: Record<string, Partial<Host>> = {
  absent: {},
  disabled: { hostModule: "disabled" },
  enabled: { hostModule: "enabled" },
  vms: {
    hostModule: "enabled",
    vms: {
      config: CONFIG_VM,
      stopped: { ...CONFIG_VM, autostart: false },
      flake: FLAKE_VM,
      path: FLAKE_VM,
      update: { ...FLAKE_VM, updateFlake: "git+https://example.org/infra?ref=main" },
      "odd.name-1_@:": CONFIG_VM,
    },
  },
  autostart: {
    hostModule: "enabled",
    autostart: ["10", "9", "Web", "db", "imp", "web"],
    vms: { web: CONFIG_VM },
  },
  stateDir: { hostModule: "enabled", stateDir: "/srv/vms" },
  stateDirPath: { hostModule: "enabled", stateDir: "/srv/no/such/directory" },
  guest: { role: "guest" },
  guestDisabled: {},
  guestOfOldModule: { role: "guest" },
  nested: {
    hostModule: "enabled",
    autostart: ["inner"],
    vms: { inner: CONFIG_VM },
  },
  nestedWithoutVms: { role: "guest", hostModule: "enabled" },
  nestedDisabled: { role: "guest", hostModule: "disabled", vms: { inner: CONFIG_VM } },
  nestedAutostart: { hostModule: "enabled", autostart: ["imp"] },
  hostOf2022: { hostModule: "unknown" },
  othersOption: {},
  othersVms: { hostModule: "unknown" },
  othersVmsAsList: { hostModule: "unknown" },
  othersVm: { hostModule: "unknown" },
  etcImmutable: { etcOverlay: "immutable" },
  etcMutable: { etcOverlay: "mutable" },
  etcNoOverlay: {},
  noActivationScripts: { activationScripts: false },
  notActivatable: { activationScripts: false },
  activatable: {},
  systemFromPackages: { system: "aarch64-linux" },
  systemBeforeHostPlatform: { system: "i686-linux" },
};

describe.skipIf(requireTool("nix-instantiate", "nixfmt"))("the extractor", () => {
  let hosts: Record<string, Host>;
  beforeAll(() => {
    const expression = `builtins.mapAttrs (_: import ${EXTRACT}) (import ${MEMBERS})`;
    const { status, stderr, value } = evalNix(expression);
    expect(status, stderr).toBe(0);
    hosts = value as Record<string, Host>;
  });

  it.each(Object.entries(CASES))("%s", (name, difference) => {
    expect(hosts[name]).toEqual({ ...PLAIN, ...difference });
  });

  it("has an expectation for every member", () => {
    expect(Object.keys(hosts).sort()).toEqual([...Object.keys(CASES), "context"].sort());
  });

  it("has the keys of the model, and no others", () => {
    const path = MODEL_PATHS.usage;
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
    const model = readModel({ path, text, isExtracted: true });
    const keys = (name: string) =>
      allProperties(model, interfaceNamed(model, name)).map((property) => property.name);
    expect(Object.keys(hosts["absent"] ?? {})).toEqual(keys("Host").sort());
    expect(Object.keys(hosts["vms"]?.vms["flake"] ?? {})).toEqual(keys("DeclaredVm").sort());
    // The model says of each value what option it comes from.
    const source = readFileSync(EXTRACT, "utf8");
    for (const { properties } of model.interfaces) {
      for (const { name, option } of properties.filter(({ option }) => option !== undefined)) {
        const attribute = option?.replace(/^microvm\.(?:vms\.<name>\.)?/, "").replace(/\..*/, "");
        expect(source, name).toMatch(new RegExp(`\\b${attribute}\\b`));
      }
    }
  });

  it("is in the format of nixfmt, and so is what expr prints", () => {
    const texts = [
      readFileSync(EXTRACT, "utf8"),
      documentExpression(),
      documentExpression({ host: "a" }),
      hostLineExpression("a"),
    ];
    for (const text of texts) {
      const run = spawnSync("nixfmt", ["-"], { input: text, encoding: "utf8" });
      expect(run.stdout, run.stderr).toBe(text);
    }
  });

  it("gives what the validators accept", () => {
    expect(documentErrors({ schemaVersion: 1, hosts })).toEqual([]);
  });

  it("leaves no string context that would pull a store path into the document", () => {
    const { status, stderr, value } = evalNix(`
      let
        host = import ${EXTRACT} (import ${MEMBERS}).context;
        texts = [ host.stateDir host.vms.web.updateFlake ] ++ host.autostart;
      in
      map (text: { inherit text; context = builtins.hasContext text; }) texts
    `);
    expect(status, stderr).toBe(0);
    const { context } = hosts;
    const directory = context?.stateDir;
    expect(directory).toMatch(/^\/nix\/store\/[0-9a-z]{32}-state\/vms$/u);
    expect(value).toEqual([
      { text: directory, context: false },
      { text: `path:${directory}`, context: false },
      { text: directory, context: false },
    ]);
  });

  it("runs into the traps of the test where it looks at what it must not", () => {
    const traps = [
      "absent.pkgs",
      "absent.config.system.activationScripts",
      "vms.config.microvm.vms.config.config",
      "vms.config.microvm.vms.config.evaluatedConfig",
      "vms.config.microvm.vms.flake.flake.nixosConfigurations",
    ];
    for (const trap of traps) {
      const { stderr } = evalNix(`(import ${MEMBERS}).${trap}`);
      expect(stderr, trap).toMatch(/was (?:forced|evaluated)|were forced/u);
    }
  });

  it("does not hide an error of the configuration", () => {
    const { status, stderr } = evalNix(
      `import ${EXTRACT} (let m = (import ${MEMBERS}).enabled; in m // {
        config = m.config // { microvm = m.config.microvm // { stateDir = throw "no directory"; }; };
      })`,
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain("no directory");
  });
});
