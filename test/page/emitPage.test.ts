import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commandOf, emitLiveHooks, emitPage } from "../../src/page/emitPage.ts";
import { type HostSweep, isProgramFile, programFiles, release } from "../../src/page/program.ts";
import { shellCommand } from "../../src/page/quote.ts";
import { choices, type Policy } from "../../src/policy/policy.ts";
import { temporary } from "../cli/support/temporary.ts";
import { STANDIN } from "../support/nix.ts";
import { requireTool } from "../support/require.ts";
import { expectedArguments, hostileSweeps, sweep } from "./sweeps.ts";

const origin = { command: "microvm-sweep gen --flake . --host hyp-01" };

describe.skipIf(requireTool("nixfmt"))("the page", () => {
  it("is in the format of nixfmt", () => {
    const names = ["a", "b", "c"];
    const pages = [
      ...choices("backend").map((backend) => sweep({ backend })),
      ...[0, 1, 2].map((count) => sweep({ vms: names.slice(0, count), autostart: [] })),
      ...choices("backend").map((backend) => sweep({ backend }, { limit: 3 })),
      sweep({}, { orphans: "report", keep: names }),
    ].map((one) => emitPage(one, origin));
    const directory = temporary();
    const files = [...pages, emitLiveHooks()].map((text, index) => {
      const file = join(directory, `${index}.nix`);
      writeFileSync(file, text);
      return file;
    });
    const { status, stderr } = spawnSync("nixfmt", ["--check", ...files], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});

describe("the files of the program", () => {
  it("each name microvm-sweep in a comment: that is how gen knows them as its own", () => {
    const files = [...programFiles()];
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter(([, text]) => !isProgramFile(text)).map(([name]) => name)).toEqual([]);
    expect(isProgramFile("#!/bin/sh\necho mine\n")).toBe(false);
  });
});

describe("the page", () => {
  it.each(choices("backend").flatMap((backend) => [null, 3].map((limit) => ({ backend, limit }))))(
    "has at most 80 lines: $backend, limit $limit",
    ({ backend, limit }) => {
      const page = emitPage(sweep({ backend, autostart: [] }, { limit }), origin);
      expect(page.split("\n").length - 1).toBeLessThanOrEqual(80);
    },
  );

  it("has the hooks that its policy needs, and no other", () => {
    const hooks = (change: Partial<HostSweep>, policy: Partial<Policy> = {}) =>
      [
        "preSwitchChecks",
        "activationScripts.*mkIf",
        "activationScripts =",
        "systemd.services",
      ].filter((text) => new RegExp(` ${text}`).test(emitPage(sweep(change, policy), origin)));
    const [check, choice, script, service] = [
      ...["preSwitchChecks", "activationScripts.*mkIf", "activationScripts =", "systemd.services"],
    ];
    expect(hooks({})).toEqual([choice, script, service]);
    expect(hooks({}, { limit: 0 })).toEqual([check, choice, script, service]);
    expect(hooks({ backend: "activation" })).toEqual([script]);
    expect(hooks({ backend: "service" })).toEqual([service]);
    expect(hooks({ backend: "service" }, { limit: 0 })).toEqual([check, service]);
  });

  it("grows by one line for each MicroVM of its host, and by nothing else", () => {
    const lines = (count: number) => {
      const vms = Array.from(
        { length: count },
        (_, index) => `vm-${String(index).padStart(4, "0")}`,
      );
      return emitPage(sweep({ vms, autostart: vms }), origin).split("\n").length;
    };
    expect(lines(1000) - lines(2)).toBe(998);
  });

  it("names its command, and is otherwise equal for equal hosts", () => {
    const page = emitPage(sweep(), origin);
    const command = shellCommand(["microvm-sweep", "gen", "--usage", "it's $& x"]);
    const other = emitPage(sweep(), { command });
    expect(other).not.toBe(page);
    expect(commandOf(other)).toBe(command);
    expect(emitPage(sweep(), { command: commandOf(page) ?? "" })).toBe(page);
  });

  it.each([
    ["of another page", (page: string) => page.replace("#   microvm-sweep gen", "#   gen")],
    ["in the header alone", (page: string) => page.replace('--host hyp-01"', '--host hyp-02"')],
    ["that hides text", (page: string) => page.replaceAll("--host", "\u202e--host")],
  ])("has no command %s", (_what, edit) => {
    const page = edit(emitPage(sweep(), origin));
    expect(page).not.toBe(emitPage(sweep(), origin));
    expect(commandOf(page)).toBeUndefined();
  });

  it.each([["a\0b"], ["a\ud800b"]])("is refused for text that no file can hold: %j", (text) => {
    expect(() => emitPage(sweep({ vms: [text] }), origin)).toThrow(/report/);
    expect(() => emitPage(sweep(), { command: text })).toThrow(/report/);
  });
});

const seed = Number(process.env["QUOTE_SEED"] ?? Date.now() % 2 ** 31);

/**
 * Imports every page into the configuration that it was made for. The names come as JSON, past all quoting
 * of ours, and the packages are directories of the test.
 */
const EXPRESSION = `
let
  lib = import ${STANDIN.nixpkgs}/lib;
  pkgs = {
    writeScriptBin = name: text: { inherit text; outPath = "/sweep"; meta.mainProgram = name; };
    runtimeShell = "/bin/bash";
    coreutils = toString ./.;
    findutils = "/findutils";
    util-linux = "/util-linux";
  };
  page = { file, vms, autostart, stateDir }: import file {
    inherit lib pkgs;
    config = {
      systemd.package = "/systemd";
      microvm = {
        host.enable = true;
        vms = lib.genAttrs vms (_: { });
        inherit autostart stateDir;
      };
    };
    options.system = { activationScripts = { }; preSwitchChecks = { }; };
  };
  guard = host: builtins.head (page host).assertions;
in
map (host: {
  inherit (builtins.head (page host).environment.systemPackages) text;
  inherit (guard host) assertion message;
  drifted = map (change: (guard (host // change)).assertion) [
    { vms = host.vms ++ [ "one more" ]; }
    { autostart = host.autostart ++ [ "one more" ]; }
    { stateDir = host.stateDir + "x"; }
  ];
}) (builtins.fromJSON (builtins.readFile ./hosts.json))
`;

interface Evaluated {
  readonly text: string;
  readonly assertion: boolean;
  readonly message: string;
  readonly drifted: readonly boolean[];
}

describe.skipIf(requireTool("nix-instantiate", "bash"))(`hostile text, QUOTE_SEED=${seed}`, () => {
  const directory = mkdtempSync(join(tmpdir(), "microvm-sweep-test-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const canary = join(directory, "canary");
  const sweeps = hostileSweeps(canary, 300, seed);
  const commands = sweeps.map(({ hostName, policy }) =>
    shellCommand(["microvm-sweep", "gen", hostName, ...policy.keep]),
  );
  let evaluated: readonly Evaluated[];

  it("comes through Nix, and its host fits its page", () => {
    mkdirSync(join(directory, "microvm-sweep"));
    const hosts = sweeps.map((one, index) => {
      const { vms, autostart, stateDir } = one;
      const file = join(directory, `${index}.nix`);
      writeFileSync(file, emitPage(one, { command: commands[index] ?? "" }));
      return { file, vms, autostart, stateDir };
    });
    writeFileSync(join(directory, "hosts.json"), JSON.stringify(hosts));
    writeFileSync(join(directory, "all.nix"), EXPRESSION);
    const nix = spawnSync("nix-instantiate", ["--eval", "--strict", "--json", "all.nix"], {
      encoding: "utf8",
      maxBuffer: 1 << 29,
      cwd: directory,
    });
    expect(nix.status, nix.stderr).toBe(0);
    evaluated = JSON.parse(nix.stdout);
    for (const [index, { assertion, drifted, message }] of evaluated.entries()) {
      expect({ assertion, drifted }).toEqual({ assertion: true, drifted: [false, false, false] });
      expect(message).toMatch(/^The page of microvm-sweep for /);
      expect(message).toContain(` is out of date: . Generate it again: ${commands[index]}`);
    }
  });

  it("comes through Bash to the program", () => {
    // In place of env(1), which would start the program: it prints what it would start.
    mkdirSync(join(directory, "bin"));
    writeFileSync(join(directory, "bin/env"), `#!/bin/bash\nprintf '%s\\0' "$@" $'\\n'\n`);
    chmodSync(join(directory, "bin/env"), 0o755);
    const scripts = evaluated.map(({ text }, index) => {
      const file = join(directory, `${index}.bash`);
      writeFileSync(file, text);
      chmodSync(file, 0o755);
      return `${file} explain "a b"\n`;
    });
    writeFileSync(join(directory, "all.bash"), scripts.join(""));
    const { stdout, stderr } = spawnSync("bash", [join(directory, "all.bash")], {
      encoding: "utf8",
      maxBuffer: 1 << 29,
      cwd: directory,
    });
    expect(stderr).toBe("");
    const runs = stdout.split("\0\n\0").slice(0, -1);
    expect(runs).toHaveLength(sweeps.length);
    for (const [index, one] of sweeps.entries()) {
      const [clean, path, shell, norc, program, ...words] = (runs[index] ?? "").split("\0");
      expect([clean, path, shell, norc]).toEqual([
        "-i",
        `PATH=${directory}/bin:/findutils/bin:/util-linux/bin:/systemd/bin`,
        "/bin/bash",
        "--norc",
      ]);
      expect(program).toMatch(/^\/nix\/store\/.{32}-microvm-sweep\/show\.bash$/);
      const { settings, declared } = expectedArguments(one);
      expect(words).toEqual([
        `--release=${release()}`,
        `--backend=${one.backend === "service" ? "service" : "activation"}`,
        ...settings,
        ...declared,
        ...["--", "explain", "a b"],
      ]);
    }
    expect(existsSync(canary), "a payload was executed").toBe(false);
    expect(readFileSync(join(directory, "hosts.json"), "utf8")).toContain(canary);
  });
});
