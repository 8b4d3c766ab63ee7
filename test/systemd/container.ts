import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ControlGroup, ownControlGroup } from "./controlGroup.ts";
import { debianRoot, type Suite } from "./root.ts";

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const BOOT_SECONDS = 60;

/** systemd as PID 1 in a container, over a copy of a Debian root that ends with it. */
export class Container {
  private readonly directory: string;
  private readonly group: ControlGroup;
  private readonly options: readonly string[];
  private nspawn: ChildProcess | undefined;
  private pid = 0;

  private constructor(directory: string, group: ControlGroup, options: readonly string[]) {
    this.directory = directory;
    this.group = group;
    this.options = options;
  }

  /** Boots a container; the options are more words for systemd-nspawn. */
  static async boot(suite: Suite, options: readonly string[] = []): Promise<Container> {
    const source = debianRoot(suite);
    const group = await ownControlGroup();
    const directory = mkdtempSync(join(tmpdir(), "microvm-sweep-container-"));
    copyRoot(source, directory, join(directory, "root"));
    leaveOut(join(directory, "root"));
    const container = new Container(directory, group, options);
    process.once("exit", container.end);
    await container.start();
    return container;
  }

  /** The container's files as they are seen inside, mounts included. */
  get files(): string {
    return `/proc/${this.pid}/root`;
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

  /** Runs a script that must succeed, and returns what it prints. */
  must(script: string): string {
    const { status, stdout, stderr } = this.run(script);
    if (status !== 0) throw new Error(`${script}\n${stdout}${stderr}`);
    return stdout;
  }

  /**
   * Restarts the container as a machine that loses its power: all processes and all that is under /run
   * go. The script runs as PID 1 and is followed by systemd.
   */
  async reboot(script: string): Promise<void> {
    this.halt();
    await this.ended();
    await this.start(["bash", "-c", `${script}; exec /lib/systemd/systemd`]);
  }

  stop(): void {
    process.off("exit", this.end);
    this.end();
  }

  private async start(init: readonly string[] = ["--boot"]): Promise<void> {
    const [command = "", ...words] = [
      ...this.group.enter,
      "systemd-nspawn",
      ...this.words(),
      ...init,
    ];
    this.nspawn = spawn(command, words, { stdio: "ignore", env: nspawnEnvironment() });
    try {
      this.pid = await initOf(this.nspawn);
      await this.ready();
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  private words(): readonly string[] {
    return [
      ...["--register=no", "--keep-unit", "--private-network", "--link-journal=no"],
      ...["-D", join(this.directory, "root"), "-M", `sweep-${process.pid}`],
      ...this.options,
    ];
  }

  /** Ends PID 1 of the container, and all in it: it outlives systemd-nspawn, which only waits for it. */
  private halt(): void {
    const pids = [this.pid, this.nspawn?.pid ?? 0].filter((pid) => pid > 0).map(String);
    if (pids.length > 0) spawnSync("kill", ["-KILL", ...pids], { stdio: "ignore" });
  }

  /** Waits until systemd-nspawn has seen the end of PID 1, and has left the root alone. */
  private async ended(): Promise<void> {
    for (let attempt = 0; attempt < 100 && isRunning(this.pid); attempt += 1) await pause(50);
    for (
      let attempt = 0;
      attempt < 100 && this.nspawn?.exitCode === null && this.nspawn.signalCode === null;
      attempt += 1
    )
      await pause(50);
  }

  private readonly end = (): void => {
    this.halt();
    this.group.end();
    spawnSync("umount", ["--lazy", join(this.directory, "root")], { stdio: "ignore" });
    rmSync(this.directory, { recursive: true, force: true });
  };

  private async ready(): Promise<void> {
    for (let attempt = 0; attempt < BOOT_SECONDS * 5; attempt += 1) {
      const state = this.run("systemctl is-system-running --wait").stdout.trim();
      if (state === "running" || state === "degraded") return;
      await pause(200);
    }
    throw new Error("systemd does not come up in the container");
  }
}

/** systemd 258 and later refuse the old control groups, which older releases take by default. */
function nspawnEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" };
}

/** Mounts an overlay where the kernel allows one, else makes a copy. */
function copyRoot(source: string, directory: string, root: string): void {
  for (const name of ["root", "upper", "work"]) mkdirSync(join(directory, name));
  const options = `lowerdir=${source},upperdir=${join(directory, "upper")},workdir=${join(directory, "work")}`;
  const { status } = spawnSync("mount", ["-t", "overlay", "overlay", "-o", options, root]);
  if (status !== 0) spawnSync("cp", ["-a", "--reflink=auto", `${source}/.`, root]);
}

/**
 * Starts nothing in the container but what the tests need: a daemon-reload takes its time for each unit
 * that systemd has loaded, and most tests make some. Generators have nothing to do here.
 */
function leaveOut(root: string): void {
  const script = `
    cd "$1"
    rm -rf etc/systemd/system/*.{wants,requires} usr/lib/systemd/system-generators/*
    ln -sfn multi-user.target usr/lib/systemd/system/default.target
    for link in usr/lib/systemd/system/*.wants/*; do
      case $link in *journal* | *dbus* | */systemd-tmpfiles-setup.service) ;; *) rm "$link" ;; esac
    done`;
  const { status, stderr } = spawnSync("bash", ["-c", script, "bash", root], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/**
 * Finds the process that is PID 1 inside of the container: systemd-nspawn has another child first,
 * which makes that one and ends (NSpid of proc_pid_status(5)).
 */
async function initOf(nspawn: ChildProcess): Promise<number> {
  const parent = nspawn.pid ?? 0;
  for (let attempt = 0; attempt < BOOT_SECONDS * 20 && nspawn.exitCode === null; attempt += 1) {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim();
    const init = children.split(" ").find(isInit);
    if (init !== undefined) return Number(init);
    await pause(50);
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

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
