import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { emitScript } from "../../../src/emit/emitScript.ts";
import { UNIT_DIRECTORIES } from "../../../src/microvm/directories.ts";
import type { Case } from "./cases.ts";

/** The last line of the settings. No text can hold it: there is no raw line feed in a Bash word. */
const END_OF_SETTINGS = "\nstatus=0\n";

/** Prints the settings, each list behind its length, and all behind a NUL. */
const PRINT_SETTINGS = `printf '%s\\0' "$systemctl" "$state_dir" \\
  "\${#vms[@]}" "\${vms[@]}" "\${#autostart[@]}" "\${autostart[@]}" "\${#keep[@]}" "\${keep[@]}" \\
  "\${#state_delete[@]}" "\${state_delete[@]}" "\${#unit_dirs[@]}" "\${unit_dirs[@]}"
`;

/** What {@link PRINT_SETTINGS} prints where every text came through. */
export function settingsOf({ program, systemctl }: Case): string[] {
  const { vms, autostart, policy } = program;
  const lists = [
    vms,
    autostart,
    policy.keep,
    policy.stateDelete,
    [...UNIT_DIRECTORIES, ...policy.unitDirs],
  ];
  return [systemctl, program.stateDir, ...lists.flatMap((list) => [String(list.length), ...list])];
}

function printing(one: Case): string {
  const [before, after, ...others] = emitScript(one.program, one).split(END_OF_SETTINGS);
  if (after === undefined || others.length > 0) throw new Error("where do the settings end?");
  return before + END_OF_SETTINGS + PRINT_SETTINGS + after;
}

export interface SettingsRun {
  readonly settings: readonly string[];
  /** A line for each script that ended where it should: it found no units of a generation. */
  readonly errors: readonly string[];
}

/**
 * Runs the whole scripts of all cases, one after the other in one Bash, so that each is read as an
 * activation script is. They find no generation in `directory`, and so do nothing but say so.
 */
export function runSettings(
  cases: readonly Case[],
  directory: string,
  { prelude, env }: { readonly prelude: string; readonly env: NodeJS.ProcessEnv },
): SettingsRun {
  const file = join(directory, "activate");
  const scripts = cases.map((one) => `${printing(one)}(($? == 1)) || echo "status $?" >&2\n`);
  writeFileSync(file, prelude + scripts.join(""));
  const { stdout, stderr } = spawnSync("bash", ["--norc", file], {
    maxBuffer: 1 << 29,
    cwd: directory,
    env: {
      PATH: process.env["PATH"],
      systemConfig: `${directory}/no-generation`,
      NIXOS_ACTION: "dry-activate",
      ...env,
    },
  });
  return {
    settings: stdout.toString("utf8").split("\0").slice(0, -1),
    errors: stderr.toString("utf8").split("\n").slice(0, -1),
  };
}

/** What a run of scripts that find no generation says. */
export function expectedErrors(count: number, directory: string): string[] {
  const units = `${directory}/no-generation/etc/systemd/system`;
  const line = `microvm-sweep: error: ${units} is not there, so nothing is stopped or removed`;
  return Array.from({ length: count }, () => line);
}
