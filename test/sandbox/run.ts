import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Tree } from "../oracle/tree.ts";
import { missing } from "../support/require.ts";
import { PROGRAM } from "./data.ts";
import { readTree, writeTree } from "./layout.ts";

export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const here = import.meta.dirname;
/** What the program calls, and what a test calls in its place. */
const TOOLS = ["bash", "env", "find", "flock", "setpriv"];
const SECONDS = 60;
/** Namespaces of the caller's own; nobody has to be root for them. */
const UNSHARE = ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child"];
/** In a user namespace, the setuid programs of NixOS's wrappers would fail. */
const PATH = (process.env["PATH"] ?? "")
  .split(":")
  .filter((directory) => directory !== "/run/wrappers/bin")
  .concat("/usr/sbin", "/sbin")
  .join(":");

/** The reason to skip, or `undefined` where this user can have namespaces with a root of their own. */
export function requireNamespaces(): string | undefined {
  const probe = ["mount", "-t", "tmpfs", "none", tmpdir()];
  const { status } = spawnSync("unshare", [...UNSHARE, ...probe], { env: { PATH } });
  return status === 0 ? undefined : missing("no user namespaces", true);
}

/**
 * A root directory in which the parts of the program run as they are: their paths are those of a host,
 * and one process serves one command after the other. It has no systemd.
 */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), "microvm-sweep-root-"));
  /** Where commands are looked for in the root. */
  readonly path: string;
  private readonly bound = new Set<string>();
  private readonly bash: string;
  private readonly options: readonly string[];
  private server: ChildProcess | undefined;

  /** @param options words for unshare(1) in place of {@link UNSHARE} */
  constructor(options: readonly string[] = UNSHARE) {
    this.options = options;
    for (const directory of ["proc", "t", "t/bin", "tmp"]) mkdirSync(join(this.root, directory));
    chmodSync(this.root, 0o755);
    this.borrow("/dev");
    if (existsSync("/bin/bash")) {
      this.borrowSystem();
      this.bash = "/bin/bash";
      this.path = "/usr/sbin:/usr/bin:/sbin:/bin";
    } else {
      const tools = TOOLS.map(realPathOf);
      this.borrowFromStore(tools);
      this.bash = tools[0] ?? "";
      this.path = [...new Set(tools.map(dirname))].join(":");
    }
    cpSync(PROGRAM, join(this.root, "t/microvm-sweep"), { recursive: true });
    cpSync(join(here, "serve.bash"), join(this.root, "t/serve.bash"));
  }

  /** Has the programs of a machine with the usual directories; /usr/local is the tree's. */
  private borrowSystem(): void {
    mkdirSync(join(this.root, "usr"));
    const inUsr = readdirSync("/usr").filter((entry) => entry !== "local");
    for (const entry of inUsr) this.borrow(`/usr/${entry}`);
    for (const directory of ["/bin", "/sbin", "/lib", "/lib64"]) this.borrow(directory);
  }

  /** Has the tools and what they need out of the store of NixOS, beside the entries of a tree. */
  private borrowFromStore(tools: readonly string[]): void {
    mkdirSync(join(this.root, "nix/store"), { recursive: true });
    const query = spawnSync("nix-store", ["--query", "--requisites", ...tools], {
      encoding: "utf8",
    });
    if (query.status !== 0) throw new Error(`nix-store: ${query.stderr}`);
    for (const path of query.stdout.trim().split("\n")) this.borrow(path);
  }

  /** Has a path of the machine in the root: a link where the machine has one, else a mount. */
  private borrow(path: string): void {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    const place = this.root + path;
    if (stat.isSymbolicLink()) symlinkSync(readlinkSync(path), place);
    else {
      if (stat.isDirectory()) mkdirSync(place);
      else writeFileSync(place, "");
      this.bound.add(path);
    }
  }

  /** Puts a script of Bash into the root that the program finds before any other command. */
  command(name: string, text: string): void {
    writeFileSync(join(this.root, "t/bin", name), `#!${this.bash}\n${text}\n`, { mode: 0o755 });
  }

  layOut(tree: Tree): void {
    writeTree(this.root, tree, this.bound);
  }

  /** The files of the host as they are now. */
  tree(): Tree {
    return readTree(this.root, this.bound);
  }

  /** Runs a part of the program in an empty environment, as its page does. */
  run(part: string, words: readonly string[], input = ""): Promise<Result> {
    const program = ["bash", `/t/microvm-sweep/${part}.bash`, ...words];
    return this.serve(["env", "-i", `PATH=/t/bin:${this.path}`, ...program], input);
  }

  /** Runs a command in the root. */
  async serve(words: readonly string[], input = ""): Promise<Result> {
    writeFileSync(join(this.root, "t/words"), words.map((word) => `${word}\0`).join(""));
    writeFileSync(join(this.root, "t/in"), input);
    this.server ??= this.start();
    const status = await this.answer(this.server);
    const read = (file: string) => readFileSync(join(this.root, "t", file), "utf8");
    return { status, stdout: read("out"), stderr: read("err") };
  }

  private start(): ChildProcess {
    const enter = ["sh", join(here, "enter.sh"), this.root, this.bash, ...this.bound];
    return spawn("unshare", [...this.options, ...enter], {
      env: { PATH },
      stdio: ["pipe", "pipe", "inherit"],
    });
  }

  private answer(server: ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(new Error("the command does not end")), SECONDS * 1000);
      const onData = (line: Buffer) => settle(Number(line.toString()));
      const onExit = () => settle(new Error("the sandbox has ended"));
      const settle = (end: number | Error) => {
        clearTimeout(timer);
        server.stdout?.off("data", onData);
        server.off("exit", onExit);
        if (typeof end === "number") resolve(end);
        else reject(end);
      };
      server.stdout?.on("data", onData);
      server.on("exit", onExit);
      server.stdin?.write("\n");
    });
  }

  /** Ends the server, and removes the root. */
  async close(): Promise<void> {
    const { server } = this;
    if (server !== undefined && server.exitCode === null) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.stdin?.end();
      await ended;
    }
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function realPathOf(tool: string): string {
  const found = PATH.split(":").find((directory) => existsSync(join(directory, tool)));
  if (found === undefined) throw new Error(`${tool} is not on PATH`);
  return realpathSync(join(found, tool));
}
