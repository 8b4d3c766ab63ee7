import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "./root.ts";

/**
 * A control group for one container. With `--keep-unit`, systemd-nspawn uses the control group of the
 * process that starts it, and two containers in one would kill each other's processes.
 */
export interface ControlGroup {
  /** The words that run a command in the group. */
  readonly enter: readonly string[];
  readonly end: () => void;
}

export async function ownControlGroup(): Promise<ControlGroup> {
  const directory = make();
  return directory === undefined ? await takeTurn() : new OwnGroup(directory);
}

class OwnGroup implements ControlGroup {
  readonly enter: readonly string[];
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
    this.enter = ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', directory];
  }

  readonly end = (): void => {
    const kill = join(this.directory, "cgroup.kill");
    if (existsSync(kill)) writeFileSync(kill, "1");
    // A group is empty only after its processes are gone.
    for (let attempt = 0; attempt < 100 && !remove(this.directory); attempt += 1)
      spawnSync("sleep", ["0.05"]);
  };
}

/** Makes a group below that of this process, where the machine allows it. */
function make(): string | undefined {
  const mount = /^\S+ (\S+) cgroup2 /m.exec(readFileSync("/proc/mounts", "utf8"))?.[1];
  const own = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1];
  if (mount === undefined || own === undefined) return undefined;
  const directory = join(mount, own, `microvm-sweep-${process.pid}-${Date.now()}`);
  try {
    mkdirSync(directory);
    return directory;
  } catch {
    return undefined;
  }
}

/** Removes a group and those below it; false while it has processes. */
function remove(directory: string): boolean {
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true }))
      if (entry.isDirectory() && !remove(join(directory, entry.name))) return false;
    rmdirSync(directory);
    return true;
  } catch {
    return !existsSync(directory);
  }
}

/** Waits until no other container of these tests runs in the control group that is shared then. */
async function takeTurn(): Promise<ControlGroup> {
  const lock = join(cacheDirectory(), "container.lock");
  const holder: ChildProcess = spawn("flock", [lock, "sh", "-c", "echo ready; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (holder.stdout === null) throw new Error("flock has no output");
  await once(holder.stdout, "data");
  // The `cat` ends with its input.
  return { enter: [], end: () => holder.stdin?.end() };
}
