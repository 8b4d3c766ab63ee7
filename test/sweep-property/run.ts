import { execFile, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DescribedHost, GENERATION, type LoadedUnit } from "../oracle/host.ts";
import type { Tree } from "../oracle/tree.ts";
import { dataArguments } from "./data.ts";
import { readTree, writeTree } from "./layout.ts";

/** What a run of the program did. */
export interface Observed {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls of systemctl that change something. */
  readonly log: readonly string[];
  readonly tree: Tree;
  readonly units: readonly LoadedUnit[];
}

const here = import.meta.dirname;
const PROGRAM = join(here, "../../templates/microvm-sweep.bash");
const ENTER = readFileSync(join(here, "enter.sh"), "utf8");

/** A variable that must not reach the program: its page starts it in an empty environment. */
const OPTIONS = {
  encoding: "utf8",
  env: {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    SYSTEMD_OFFLINE: "1",
    CDPATH: "/",
    GLOBIGNORE: "*",
  },
} as const;

/** A root directory on which the program runs unchanged: its paths are those of a host. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), "microvm-sweep-root-"));
  private readonly bound: string[] = ["dev"];

  constructor() {
    for (const directory of ["proc", "dev", "t", "tmp"]) mkdirSync(join(this.root, directory));
    for (const directory of ["usr", "bin", "sbin", "lib", "lib64"]) this.borrow(directory);
    copyFileSync(join(here, "systemctl.bash"), this.t("systemctl"));
    copyFileSync(join(here, "start.bash"), this.t("start"));
    copyFileSync(PROGRAM, this.t("microvm-sweep.bash"));
    chmodSync(this.t("systemctl"), 0o755);
  }

  /** Has a directory of the machine in the root: a link where the machine has one, else a mount. */
  private borrow(directory: string): void {
    const stat = lstatSync(`/${directory}`, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isSymbolicLink())
      symlinkSync(readlinkSync(`/${directory}`), join(this.root, directory));
    else {
      mkdirSync(join(this.root, directory));
      this.bound.push(directory);
    }
  }

  private t(file: string): string {
    return join(this.root, "t", file);
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  /** Lays a host out and activates its generation. */
  activate(host: DescribedHost): Observed {
    this.layOut(host);
    return this.run(host, "activate", GENERATION, host.action);
  }

  /** Lays a host out: its files, and what the scripted systemctl answers. */
  layOut(host: DescribedHost): void {
    writeTree(this.root, host.tree);
    mkdirSync(join(this.root, "run"), { recursive: true });
    if (host.systemd !== "boot" || host.because === "chroot")
      mkdirSync(join(this.root, "run/systemd/system"), { recursive: true });
    writeFileSync(this.t("units"), host.units.map(unitLine).join(""));
    writeFileSync(this.t("mounts"), host.mounts.map((path) => `${path}\n`).join(""));
    writeFileSync(this.t("open"), host.open.map((path) => `${path}\n`).join(""));
    const cut = host.because === "cut";
    const offline = host.because === "offline" || host.because === "chroot";
    this.flag("cut", cut);
    this.flag("offline", offline);
    this.flag("silent", host.systemd === "silent" && !cut && !offline);
    this.flag("show-fails", host.showFails);
  }

  private flag(file: string, isSet: boolean): void {
    if (isSet) writeFileSync(this.t(file), "");
    else rmSync(this.t(file), { force: true });
  }

  /** Runs the program with the data of a host that is laid out. */
  run(host: DescribedHost, ...words: readonly string[]): Observed {
    writeFileSync(this.t("log"), "");
    const { status, stdout, stderr } = spawnSync("unshare", this.entering(host, words), OPTIONS);
    return { status, stdout, stderr, ...this.observe() };
  }

  /** Runs the program twice at the same time. */
  async runTwice(host: DescribedHost, ...words: readonly string[]): Promise<[Observed, Observed]> {
    writeFileSync(this.t("log"), "");
    const ends = await Promise.all([this.start(host, words), this.start(host, words)]);
    const [first, second] = ends.map((end) => ({ ...end, ...this.observe() }));
    if (first === undefined || second === undefined) throw new Error("two runs have two ends");
    return [first, second];
  }

  private start(
    host: DescribedHost,
    words: readonly string[],
  ): Promise<Pick<Observed, "status" | "stdout" | "stderr">> {
    return new Promise((resolve) => {
      const child = execFile(
        "unshare",
        this.entering(host, words),
        OPTIONS,
        (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
      );
    });
  }

  /** The arguments of unshare(1) that start the program in the root. */
  private entering({ because, data }: DescribedHost, words: readonly string[]): string[] {
    const program = [...dataArguments(data), "--systemctl=/t/systemctl", "--", ...words];
    const enter = ["sh", "-c", ENTER, "sh", this.root, because ?? ""];
    return ["--mount", "--pid", "--fork", ...enter, ...this.bound, "--", ...program];
  }

  private observe(): Pick<Observed, "log" | "tree" | "units"> {
    const lines = (file: string) => readFileSync(this.t(file), "utf8").split("\n").filter(Boolean);
    return { log: lines("log"), tree: readTree(this.root), units: lines("units").map(readUnit) };
  }
}

function unitLine(unit: LoadedUnit): string {
  const dependents = unit.dependents.map(([kind, name]) => `${kind}=${name}`);
  const words = [unit.name, unit.load, unit.active, unit.onStop, unit.starts ? "job" : "none"];
  return `${[...words, ...dependents].join(" ")}\n`;
}

function readUnit(line: string): LoadedUnit {
  const [name = "", load, active, onStop, job, ...dependents] = line.trimEnd().split(" ");
  return {
    name,
    load,
    active,
    onStop,
    starts: job === "job",
    dependents: dependents.map((text) => text.split("=")),
  } as unknown as LoadedUnit;
}
