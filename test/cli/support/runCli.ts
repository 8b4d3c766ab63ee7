import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built program: `npm run build` makes it. */
export const PROGRAM = fileURLToPath(new URL("../../../dist/microvm-sweep.js", import.meta.url));

/** Puts the built program into a directory of PATH, under the name that users type. */
export function addProgramTo(directory: string): void {
  const script = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`;
  writeFileSync(join(directory, "microvm-sweep"), script, { mode: 0o755 });
}

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Setting {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Program to run in place of the built one. */
  readonly program?: string;
  readonly uid?: number;
}

/** The environment of a run: the machine's, without what changes colours. */
function environment(extra: Setting["env"] = {}): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, CI, ...rest } = process.env;
  return { ...rest, ...extra };
}

/** Runs the built program as a user would, without a terminal. */
export function runCli(args: readonly string[], setting: Setting = {}): Promise<Result> {
  const { cwd, input, env, uid, program = PROGRAM } = setting;
  const user = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: environment(env),
    ...user,
  });
  const chunks = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      chunks[name] += text;
    });
  }
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, ...chunks }));
  });
}
