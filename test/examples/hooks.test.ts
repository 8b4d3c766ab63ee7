import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { programFiles, release } from "../../src/page/program.ts";
import { temporary } from "../cli/support/temporary.ts";
import { nix } from "../support/nix.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { copyExamples, type Edit, overrides } from "./examples.ts";

/** Stands for each part of the program: it prints its environment, and its arguments one a line. */
const ECHO = `mapfile -t names < <(compgen -e)
printf '%s\\n' "env: \${names[*]}" "\${0##*/}" "$@"
`;

/** The arguments that every hook gives the program on the host `state-elsewhere`. */
const DATA = (backend: string, part = "act") => [
  `${part}.bash`,
  `--release=${release()}`,
  `--backend=${backend}`,
  "--host=state-elsewhere",
  "--vm=mail",
  "--state-dir=/srv/microvms",
  "--",
];

/** What the program was started with. */
function started(output: string): string[] {
  const [environment, ...words] = output.split("\n").slice(0, -1);
  // Bash itself sets all but PATH.
  expect(environment).toBe("env: PATH PWD SHLVL");
  return words;
}

/** Builds the host with more lines of configuration, and with the program that prints. */
async function build(lines = ""): Promise<string> {
  const file = "hosts/state-elsewhere.nix";
  const edits: Edit[] = [{ file, from: /\}\s*$/u, to: `${lines}\n}\n` }];
  const directory = copyExamples(...edits);
  for (const name of programFiles().keys()) {
    writeFileSync(join(directory, "sweep/microvm-sweep", name), ECHO);
  }
  const link = join(temporary(), "toplevel");
  const attribute = ".#nixosConfigurations.state-elsewhere.config.system.build.toplevel";
  const { status, stderr } = await nix(directory, ["build", attribute, "-o", link], overrides());
  if (status !== 0) throw new Error(stderr);
  return realpathSync(link);
}

/** Runs a file of the toplevel in an environment that must not reach the program. */
function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const hostile = { CDPATH: "/", GLOBIGNORE: "*", BASH_ENV: "/nonexistent", IFS: "-" };
  const { stdout, stderr, status } = spawnSync(file, args, {
    encoding: "utf8",
    env: { PATH: "/nonexistent", ...hostile, ...env },
  });
  return { stdout, stderr, status };
}

describe.skipIf(requireRoot() ?? requireTool("nix", "shellcheck"))("the hooks of a page", () => {
  it("start the program in an activation script, in a dry one, and before a switch", async () => {
    const toplevel = await build();
    const activate = run(join(toplevel, "activate"), [], { NIXOS_ACTION: "switch" });
    expect(started(activate.stdout)).toEqual([
      ...DATA("activation"),
      "activate",
      toplevel,
      "switch",
    ]);
    const boot = run(join(toplevel, "activate"), []);
    expect(started(boot.stdout)).toEqual([...DATA("activation"), "activate", toplevel, ""]);
    const dry = run(join(toplevel, "dry-activate"), [], { NIXOS_ACTION: "dry-activate" });
    expect(started(dry.stdout)).toEqual([
      ...DATA("activation"),
      "activate",
      toplevel,
      "dry-activate",
    ]);
    const check = run(join(toplevel, "pre-switch-checks"), [toplevel, "boot"]);
    expect(check).toEqual({ stdout: "", stderr: "", status: 0 });
  });

  it.each([
    { what: "has no activation scripts", line: 'disabledModules = [ "activation-script.nix" ];' },
    { what: "runs no activation scripts", line: "system.activatable = false;" },
  ])("start it in a service where NixOS $what", async ({ line }) => {
    const toplevel = await build(line);
    const unit = readFileSync(join(toplevel, "etc/systemd/system/microvm-sweep.service"), "utf8");
    expect(unit).toContain("Type=oneshot\n");
    // With RemainAfterExit=true it would run again only when its own text changes.
    expect(unit).not.toContain("RemainAfterExit");
    const start = /^ExecStart=(.*)$/mu.exec(unit)?.[1] ?? "";
    const service = ["activate", "/run/current-system", ""];
    expect(started(run(start, []).stdout)).toEqual([...DATA("service"), ...service]);
    const wanted = join(
      toplevel,
      "etc/systemd/system/multi-user.target.wants/microvm-sweep.service",
    );
    expect(readFileSync(wanted, "utf8")).toBe(unit);
  });

  it("need no pre-switch checks", async () => {
    const toplevel = await build('disabledModules = [ "pre-switch-check.nix" ];');
    const { stdout } = run(join(toplevel, "activate"), []);
    expect(started(stdout)).toEqual([...DATA("activation"), "activate", toplevel, ""]);
  });
});
