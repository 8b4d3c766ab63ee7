import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emitScript } from "../../src/emit/emitScript.ts";
import { programText, release } from "../../src/emit/program.ts";
import { temporary } from "../cli/support/temporary.ts";
import { requireTool } from "../support/require.ts";
import { expectedArguments, hostileSweeps, sweep } from "./sweeps.ts";

/** A directory with the script, and with an env(1) that prints what it would start. */
function prepared(text: string): string {
  const directory = temporary();
  writeFileSync(join(directory, "sweep.bash"), text);
  mkdirSync(join(directory, "bin"));
  writeFileSync(join(directory, "bin/env"), `#!/bin/bash\nprintf '%s\\0' "$@" $'\\n'\n`);
  chmodSync(join(directory, "bin/env"), 0o755);
  return directory;
}

const HOST = { systemConfig: "/nix/store/g", NIXOS_ACTION: "dry-activate" };

function bash(
  directory: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = HOST,
  input = "",
) {
  // Bash reads .bashrc where its standard input is a socket, as it is here.
  return spawnSync("bash", ["--norc", ...args], {
    encoding: "utf8",
    cwd: directory,
    env: { PATH: `${directory}/bin:${process.env["PATH"]}`, ...env },
    input,
    maxBuffer: 1 << 29,
  });
}

/** The command of the user that the program was started with, after its data. */
function commandOf(stdout: string): readonly string[] {
  const words = (stdout.split("\0\n\0")[0] ?? "").split("\0");
  return words.slice(words.indexOf("--") + 1);
}

describe.skipIf(requireTool("bash"))("the self-contained script", () => {
  const text = emitScript(sweep(), { systemctl: "/bin/systemctl" });

  it("starts the program, to the byte, with a clean environment and the data", () => {
    const directory = prepared(text);
    const { stdout, stderr } = bash(directory, ["sweep.bash", "plan"]);
    expect(stderr).toBe("");
    const [clean, path, shell, norc, option, program, name, ...words] = stdout.split("\0");
    expect([clean, shell, norc, option, name]).toEqual([
      ...["-i", "bash", "--norc", "-c", "microvm-sweep"],
    ]);
    expect(path).toMatch(
      /^PATH=.*:\/run\/current-system\/sw\/bin:\/usr\/sbin:\/usr\/bin:\/sbin:\/bin$/,
    );
    expect(`${program}\n`).toBe(programText());
    const { settings, declared } = expectedArguments(sweep());
    expect(words.slice(0, -2)).toEqual([
      `--release=${release()}`,
      ...settings,
      ...declared,
      "--systemctl=/bin/systemctl",
      "--",
      "plan",
    ]);
  });

  const activation = ["activate", "/nix/store/g", "dry-activate"];
  const beside = ["activate", "/run/current-system", ""];

  it.each([
    { what: "with arguments", args: ["sweep.bash", "explain", "a b"], command: ["explain", "a b"] },
    { what: "without arguments", args: ["sweep.bash"], command: activation },
    { what: "outside a switch", args: ["sweep.bash"], env: {}, command: beside },
    { what: "sourced", args: ["-c", ". ./sweep.bash"], command: activation },
    {
      what: "sourced by a script that has arguments",
      args: ["-c", ". ./sweep.bash", "script", "plan"],
      command: activation,
    },
    {
      what: "as the activation script, which gets its generation",
      args: ["sweep.bash", "/nix/store/g"],
      command: activation,
    },
    { what: "on standard input", args: ["-s", "plan"], input: text, command: ["plan"] },
  ])("runs the right command: $what", ({ args, env, input, command }) => {
    const { stdout, stderr } = bash(prepared(text), args, env ?? HOST, input);
    expect(stderr).toBe("");
    expect(commandOf(stdout)).toEqual(command);
  });

  it("leaves the shell that sources it as it was, whatever that has set", () => {
    const script = `
state() { declare -p; declare -f; set +o; shopt -p; trap -p; umask; }
set -euo pipefail
trap 'echo failed' ERR
IFS=x
state > before
. ./sweep.bash > out
state > after
# What Bash itself counts is not compared.
counted='^declare [-a-zA-Z]* (_|BASH[A-Z_]*|[A-Z]*RANDOM|[A-Z]*SECONDS|EPOCHREALTIME|LINENO|PIPESTATUS)='
diff <(grep -Ev "$counted" before) <(grep -Ev "$counted" after)
printf '%s,' "$@"`;
    const directory = prepared(text);
    const { stdout, stderr } = bash(directory, ["-c", script, "bash", "one", "two"]);
    expect(stderr).toBe("");
    expect(stdout).toBe("one,two,");
    expect(commandOf(readFileSync(join(directory, "out"), "utf8"))).toEqual(activation);
  });

  it("has the status of the program", () => {
    const directory = prepared(text);
    writeFileSync(join(directory, "bin/env"), "#!/bin/bash\nexit 7\n");
    expect(bash(directory, ["sweep.bash"]).status).toBe(7);
    const sourced = bash(directory, ["-c", "trap 'echo failed' ERR; . ./sweep.bash; echo went on"]);
    expect(sourced.stdout).toMatch(/^(failed\n)+went on\n$/);
  });

  it.skipIf(requireTool("shellcheck"))("passes shellcheck", () => {
    const { stdout } = spawnSync("shellcheck", ["-"], { encoding: "utf8", input: text });
    expect(stdout).toBe("");
  });
});

const seed = Number(process.env["QUOTE_SEED"] ?? Date.now() % 2 ** 31);

describe.skipIf(requireTool("bash"))(`hostile text, QUOTE_SEED=${seed}`, () => {
  it("comes through Bash to the program", () => {
    const directory = prepared("");
    const canary = join(directory, "canary");
    const sweeps = hostileSweeps(canary, 100, seed);
    for (const [index, one] of sweeps.entries()) {
      const script = emitScript(one, { systemctl: one.stateDir });
      writeFileSync(join(directory, `${index}.bash`), script);
    }
    const runs = sweeps.map((_, index) => `bash ./${index}.bash plan`).join("\n");
    const { stdout, stderr } = bash(directory, ["-c", runs]);
    expect(stderr).toBe("");
    const outputs = stdout.split("\0\n\0");
    for (const [index, one] of sweeps.entries()) {
      const words = (outputs[index] ?? "").split("\0").slice(7);
      const { settings, declared } = expectedArguments(one);
      expect(words).toEqual([
        `--release=${release()}`,
        ...[...settings, ...declared, `--systemctl=${one.stateDir}`, "--", "plan"],
      ]);
    }
    expect(existsSync(canary), "a payload was executed").toBe(false);
  });
});
