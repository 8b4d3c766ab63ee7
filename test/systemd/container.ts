import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianRoot } from "./root.ts";
import { takeTurn } from "./turn.ts";

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const BOOT_SECONDS = 60;

/** systemd as PID 1 in a container, over a copy of the Debian root that ends with it. */
export class Container {
  /** The container's files as they are seen inside, mounts included. */
  readonly files: string;
  private readonly directory: string;
  private readonly nspawn: ChildProcess;
  private readonly pid: number;
  private readonly turn: ChildProcess;

  private constructor(directory: string, nspawn: ChildProcess, pid: number, turn: ChildProcess) {
    this.directory = directory;
    this.nspawn = nspawn;
    this.pid = pid;
    this.turn = turn;
    this.files = `/proc/${pid}/root`;
  }

  static async boot(): Promise<Container> {
    const turn = await takeTurn();
    const directory = mkdtempSync(join(tmpdir(), "microvm-sweep-container-"));
    const root = join(directory, "root");
    copyRoot(debianRoot(), directory, root);
    const nspawn = spawn(
      "systemd-nspawn",
      [
        "--boot",
        "--register=no",
        "--keep-unit",
        "--private-network",
        "--link-journal=no",
        "-D",
        root,
        "-M",
        `sweep-${process.pid}`,
      ],
      { stdio: "ignore" },
    );
    const pid = await initOf(nspawn.pid ?? 0);
    const container = new Container(directory, nspawn, pid, turn);
    process.once("exit", container.end);
    try {
      await container.ready();
      return container;
    } catch (error) {
      container.stop();
      throw error;
    }
  }

  /** Runs a Bash script inside, as root. */
  run(script: string, env: NodeJS.ProcessEnv = {}): Result {
    const { status, stdout, stderr } = spawnSync(
      "nsenter",
      ["--target", String(this.pid), "--all", "bash", "-c", script],
      {
        encoding: "utf8",
        env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env },
        timeout: 120_000,
        maxBuffer: 1 << 26,
      },
    );
    return { status, stdout, stderr };
  }

  /** Runs a script that must succeed, and gives what it prints. */
  must(script: string): string {
    const { status, stdout, stderr } = this.run(script);
    if (status !== 0) throw new Error(`${script}\n${stdout}${stderr}`);
    return stdout;
  }

  stop(): void {
    process.off("exit", this.end);
    this.end();
  }

  /** Ends PID 1 of the container, and all in it: it outlives systemd-nspawn, which only waits for it. */
  private readonly end = (): void => {
    spawnSync("kill", ["-KILL", String(this.pid), String(this.nspawn.pid)], { stdio: "ignore" });
    spawnSync("umount", ["--lazy", join(this.directory, "root")], { stdio: "ignore" });
    rmSync(this.directory, { recursive: true, force: true });
    // Its `cat` ends with its input.
    this.turn.stdin?.end();
  };

  private async ready(): Promise<void> {
    for (let second = 0; second < BOOT_SECONDS * 5; second += 1) {
      const state = this.run("systemctl is-system-running --wait").stdout.trim();
      if (state === "running" || state === "degraded") return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error("systemd does not come up in the container");
  }
}

/** An overlay where the kernel allows one, else a copy. */
function copyRoot(source: string, directory: string, root: string): void {
  for (const name of ["root", "upper", "work"]) mkdirSync(join(directory, name));
  const options = `lowerdir=${source},upperdir=${join(directory, "upper")},workdir=${join(directory, "work")}`;
  const { status } = spawnSync("mount", ["-t", "overlay", "overlay", "-o", options, root]);
  if (status !== 0) spawnSync("cp", ["-a", "--reflink=auto", `${source}/.`, root]);
}

/**
 * The process that is PID 1 inside of the container: systemd-nspawn has another child first, which
 * makes that one and ends (NSpid of proc_pid_status(5)).
 */
async function initOf(parent: number): Promise<number> {
  for (let attempt = 0; attempt < BOOT_SECONDS * 20; attempt += 1) {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim();
    const init = children.split(" ").find(isInit);
    if (init !== undefined) return Number(init);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("systemd-nspawn starts nothing");
}

function isInit(pid: string): boolean {
  try {
    return /^NSpid:\t\d+\t1$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
