import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAX_INSTANCE_NAME_BYTES } from "../../src/microvm/names.ts";
import { emitLiveHooks, emitPage } from "../../src/page/emitPage.ts";
import { release } from "../../src/page/program.ts";
import { POLICY, type PolicyRow } from "../../src/policy/policy.ts";
import { temporary } from "../cli/support/temporary.ts";
import { sweep } from "../page/sweeps.ts";
import { nixJson, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { LiveHost, type LiveHostChange } from "./liveHost.ts";

const SERVICES = "services.microvm-sweep";

/** The arguments that the command of a host gives the program before those of the user. */
async function givenArguments(change: LiveHostChange): Promise<readonly string[]> {
  const link = join(temporary(), "program");
  const { status, stderr } = await new LiveHost(change).build(`${SERVICES}.program`, link);
  if (status !== 0) throw new Error(stderr);
  const text = readFileSync(join(link, "bin/sweep-microvms"), "utf8");
  const words = /(--release=.*) -- "\$@"\n$/su.exec(text)?.[1] ?? "";
  const shell = ["--norc", "-c", `printf '%s\\n' ${words}`];
  return spawnSync("bash", shell, { encoding: "utf8" }).stdout.trimEnd().split("\n");
}

describe("the hooks of the live module", () => {
  it("are those of the page", () => {
    const hooks = (text: string) =>
      text
        .slice(text.indexOf("  environment.systemPackages"))
        .replace("lib.mkIf hasLimit ", "")
        .replaceAll("runsActivation", "activation");
    const page = emitPage(sweep({}, { limit: 3 }), { command: "microvm-sweep gen" });
    expect(hooks(emitLiveHooks())).toBe(hooks(page));
    expect(hooks(page).split("\n").length).toBeGreaterThan(15);
  });
});

describe.skipIf(requireRoot() ?? requireTool("nix"))("the live module", () => {
  it.each<LiveHostChange & { readonly what: string; readonly says: string }>([
    {
      what: "enabled",
      lines: 'microvm.vms.web.config = { }; microvm.autostart = [ "imp" ];',
      says: "--vm=fw --vm=web --autostart=imp --state-dir=/var/lib/microvms",
    },
    {
      what: "enabled, with its state elsewhere",
      lines: 'microvm.stateDir = "/srv/microvms";',
      says: "--vm=fw --state-dir=/srv/microvms",
    },
    {
      what: "disabled",
      lines: 'microvm.host.enable = false; microvm.autostart = [ "imp" ];',
      says: "--state-dir=/var/lib/microvms",
    },
    { what: "absent", hostModule: false, says: "--state-dir=/var/lib/microvms" },
  ])("gives the program what the configuration says: host module $what", async (host) => {
    expect(await givenArguments(host)).toEqual([
      ...[`--release=${release()}`, "--backend=activation", "--host=hyp-01"],
      ...host.says.split(" "),
    ]);
  });

  it("brings the manual page of the command, and its completion for each shell", async () => {
    const link = join(temporary(), "share");
    const named = "(one: one.name == ''sweep-microvms-share'')";
    const modules = `({ config, lib, ... }: {
      system.build.share = lib.head (lib.filter ${named} config.environment.systemPackages);
    })`;
    const host = new LiveHost({ modules });
    const { status, stderr } = await host.build("system.build.share", link);
    expect(status, stderr).toBe(0);
    const files = readdirSync(`${link}/share/`, { recursive: true, encoding: "utf8" });
    expect(files).toEqual(
      expect.arrayContaining([
        "man/man8/sweep-microvms.8",
        "bash-completion/completions/sweep-microvms",
        "zsh/site-functions/_sweep-microvms",
        "fish/vendor_completions.d/sweep-microvms.fish",
      ]),
    );
  });

  it("gives the program every setting of the policy", async () => {
    const lines = `${SERVICES} = {
      orphans = "stop-all"; unitFiles = "report"; limit = 3; keep = [ "lab" "imp" "lab" ];
      backend = "service";
    };`;
    const words = await givenArguments({ lines });
    expect([...words].sort()).toEqual(
      [
        ...[`--release=${release()}`, "--backend=service", "--host=hyp-01", "--vm=fw"],
        ...["--orphans=stop-all", "--unit-files=report"],
        ...["--limit=3", "--keep=imp", "--keep=lab"],
        "--state-dir=/var/lib/microvms",
      ].sort(),
    );
  });

  it("has every hook, and nothing else has to be said than to import it", async () => {
    const lines = `${SERVICES}.limit = 3;`;
    const host = new LiveHost({ lines });
    const { activation, check, service, commands, users: _users, ...rest } = await host.summary();
    const command = commands.find((path) => path.endsWith("-sweep-microvms")) ?? "";
    const program = `${command}/bin/sweep-microvms`;
    expect(activation).toEqual({
      deps: ["specialfs"],
      supportsDryActivation: true,
      text: `${program} activate "$systemConfig" "\${NIXOS_ACTION-}"`,
    });
    expect(check).toBe(`${program} check "\${1-}" "\${2-}"`);
    expect({ service, ...rest }).toEqual({ service: null, failed: [], warnings: [] });
  });

  it.each<LiveHostChange & { readonly what: string }>([
    {
      what: "where NixOS has no activation scripts",
      lines: 'disabledModules = [ "activation-script.nix" ];',
    },
    { what: "where NixOS runs none", lines: "system.activatable = false;" },
    { what: "where it is told so", lines: `${SERVICES}.backend = "service";` },
  ])("is a service $what", async (change) => {
    const { activation, service, failed } = await new LiveHost(change).summary();
    expect(activation).toBeNull();
    expect(service).toMatch(/sweep-microvms activate \/run\/current-system ''$/u);
    expect(failed).toEqual([]);
  });

  it.each<LiveHostChange & { readonly what: string }>([
    { what: "is switched off", lines: `${SERVICES}.enable = false;` },
    {
      what: "is imported by a guest, as a module of all configurations is",
      hostModule: false,
      modules: "microvm.nixosModules.microvm",
    },
  ])("does nothing where it $what", async (change) => {
    expect(await new LiveHost(change).summary()).toEqual({
      ...{ activation: null, check: null, service: null, commands: [], failed: [], warnings: [] },
      users: expect.objectContaining({ deps: [] }),
    });
  });

  it("may be imported twice", async () => {
    const host = new LiveHost({ modules: "microvm-sweep.nixosModules.default" });
    expect((await host.summary()).failed).toEqual([]);
  });

  it.each<{ lines: string; says: string }>([
    {
      lines: `system.activatable = false; ${SERVICES}.backend = "activation";`,
      says: "backend is activation: this host runs no activation scripts",
    },
    {
      lines: 'microvm.vms."a/b".config = { };',
      says: 'MS1205: microvm.vms: no unit can have the instance name "a/b": it has the character "/"',
    },
    {
      lines: 'microvm.autostart = [ ".." ];',
      says: 'MS1205: microvm.autostart: no unit can have the instance name "..": it names another directory',
    },
    {
      lines: `${SERVICES}.keep = [ "" ];`,
      says: 'MS1205: keep: no unit can have the instance name "": it is empty',
    },
    {
      lines: `${SERVICES}.keep = [ "${"x".repeat(MAX_INSTANCE_NAME_BYTES + 1)}" ];`,
      says: `it has ${MAX_INSTANCE_NAME_BYTES + 1} bytes, and at most ${MAX_INSTANCE_NAME_BYTES} fit into a unit name`,
    },
    {
      lines: 'microvm.stateDir = "/var/lib";',
      says: 'MS1206: "/var/lib" cannot be the state directory: it belongs to the system',
    },
  ])("does not build, with the words of the compiler: $says", async ({ lines, says }) => {
    const { failed } = await new LiveHost({ lines }).summary();
    expect(failed).toEqual([expect.stringContaining(says)]);
    expect(failed[0]).toContain(SERVICES);
  });

  it.each([
    ["state", '"archive"', "sweep-microvms archive NAME"],
    ["stateDelete", '[ "web" ]', "sweep-microvms delete NAME"],
    ["gcroots", '"keep"', "leaves garbage collection roots alone"],
    ["unitDirs", '[ "/a" ]', "the unit directories of systemd"],
    ["archiveDir", '"/a"', "archive NAME --to DIRECTORY"],
  ])(
    "does not build with an option of an older release, and says what to use: %s",
    async (key, value, says) => {
      const { failed } = await new LiveHost({ lines: `${SERVICES}.${key} = ${value};` }).summary();
      expect(failed).toEqual([expect.stringContaining(says)]);
      expect(failed[0]).toContain(`${SERVICES}.${key}`);
    },
  );

  it.each([
    ["userborn", "services.userborn.enable = true;"],
    ["systemd-sysusers", "systemd.sysusers.enable = true;"],
  ])("leaves the snippet users empty where %s manages users", async (_what, lines) => {
    const { activation, users, failed } = await new LiveHost({ lines }).summary();
    expect({ users, failed }).toEqual({ users: "", failed: [] });
    expect(activation?.deps).toEqual(["specialfs"]);
  });

  it("runs before the snippet that removes users", async () => {
    const { users } = await new LiveHost({}).summary();
    expect(users).toMatchObject({ deps: ["microvm-sweep"] });
  });

  it.each<{ lines: string; says: string }>([
    {
      lines: `${SERVICES}.keep = [ "fw" ];`,
      says: 'MS1305: "fw" is on the keep list, but this host declares it',
    },
    {
      lines: `${SERVICES}.orphans = "report";`,
      says: 'MS1309: orphans = "report": NixOS 26.05 itself stops',
    },
    {
      lines: `${SERVICES}.limit = 3; disabledModules = [ "pre-switch-check.nix" ];`,
      says: "MS1310: limit: NixOS 26.05 has no pre-switch checks, so nothing enforces the limit",
    },
    {
      lines: `${SERVICES} = { orphans = "stop-all"; backend = "service"; };`,
      says: 'MS1312: orphans = "stop-all": on this host a service runs the sweep',
    },
  ])("warns with the words of the compiler: $says", async ({ lines, says }) => {
    const { failed, warnings } = await new LiveHost({ lines }).summary();
    expect(failed).toEqual([]);
    expect(warnings).toContainEqual(expect.stringContaining(says));
  });

  it("has an option for each setting of the policy table, described, with its default", async () => {
    const of = `module: let
      lib = import ${STANDIN.nixpkgs}/lib;
      inherit ((lib.evalModules { modules = [ module { _module.args.pkgs = { }; } ]; }).options.services)
        microvm-sweep;
      isVisible = _: option: option.visible or true;
    in builtins.mapAttrs (_: option: {
      default = option.default or null;
      described = builtins.stringLength option.description > 20;
      type = option.type.description;
    }) (lib.filterAttrs isVisible microvm-sweep)`;
    const args = ["eval", "--impure", ".#nixosModules.default", "--apply", of];
    const options = (await nixJson(ourFlake(), args, { nixpkgs: STANDIN.nixpkgs })) as Readonly<
      Record<string, { readonly default: unknown; described: boolean; type: string }>
    >;
    const rows: readonly PolicyRow[] = POLICY;
    const keys = rows.map(({ key }) => key);
    expect(Object.keys(options).sort()).toEqual([...keys, "enable", "program"].sort());
    for (const row of rows) {
      const option = options[row.key];
      expect(option).toMatchObject({ default: row.default, described: true });
      if (row.kind !== "choice") continue;
      const values = Object.keys(row.values).map((value) => JSON.stringify(value));
      expect(option?.type).toBe(`one of ${values.join(", ")}`);
    }
  });
});
