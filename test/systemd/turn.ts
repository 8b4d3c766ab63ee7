import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { cacheDirectory } from "./root.ts";

/**
 * Waits until no other container of ours runs on this machine: with `--keep-unit` they would share a
 * control group, and one systemd would kill the processes of the other.
 *
 * @returns what holds the turn; the end of that process, or of this one, gives it up
 */
export async function takeTurn(): Promise<ChildProcess> {
  const lock = join(cacheDirectory(), "container.lock");
  const holder = spawn("flock", [lock, "sh", "-c", "echo ready; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  return holder;
}
