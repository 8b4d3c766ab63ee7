import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emitScript } from "../../src/emit/emitScript.ts";
import type { DescribedHost, LoadedUnit } from "../oracle/host.ts";
import type { Tree } from "../oracle/tree.ts";
import { readTree, writeTree } from "./layout.ts";

/** What a run of the real script did. */
export interface Observed {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly log: readonly string[];
  readonly tree: Tree;
  readonly units: readonly LoadedUnit[];
}

const BOUND = ["usr", "bin", "lib", "lib64"].filter((directory) => existsSync(`/${directory}`));
const here = import.meta.dirname;
const ODD_SHELL = readFileSync(join(here, "oddShell.bash"), "utf8");

/**
 * Binds the machine's programs into the root, in namespaces that end with the run. There the run is
 * PID 1, whose root is where systemd's would be; but for a chroot PID 1 stays outside.
 */
const ENTER = `
set -e
root=$1
for directory in ${BOUND.join(" ")}; do mount --rbind "/$directory" "$root/$directory"; done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
if [ "$2" = chroot ]; then
  chroot "$root" /bin/bash /t/activate
  exit
fi
exec chroot "$root" /bin/bash /t/activate
`;

/** What surrounds the script: what NixOS puts there, or what other snippets may have left as well. */
export const SHELLS = ["plain", "odd"] as const;
export type Shell = (typeof SHELLS)[number];

/** A root directory on which the real script runs unchanged, its paths being those of a host. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), "microvm-sweep-root-"));

  constructor() {
    for (const directory of [...BOUND, "proc", "dev", "t", "tmp"])
      mkdirSync(join(this.root, directory));
    copyFileSync(join(here, "systemctl.bash"), join(this.root, "t/systemctl"));
    copyFileSync(join(here, "activate.bash"), join(this.root, "t/activate"));
    chmodSync(join(this.root, "t/systemctl"), 0o755);
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  /** Lays a host out and runs the script on it. */
  run(host: DescribedHost, shell: Shell): Observed {
    writeTree(this.root, host.tree);
    if (host.systemd !== "boot" || host.because === "chroot")
      mkdirSync(join(this.root, "run/systemd/system"), { recursive: true });
    const t = join(this.root, "t");
    writeFileSync(
      join(t, "units"),
      host.units.map((u) => `${u.name} ${u.active} ${u.onStop} ${u.neededBy.join(" ")}\n`).join(""),
    );
    writeFileSync(join(t, "log"), "");
    rmSync(join(t, "silent"), { force: true });
    rmSync(join(t, "offline"), { force: true });
    if (host.because !== undefined) writeFileSync(join(t, "offline"), "");
    else if (host.systemd === "silent") writeFileSync(join(t, "silent"), "");
    writeFileSync(join(t, "surroundings"), shell === "odd" ? ODD_SHELL : "");
    rmSync(join(t, "leaks"), { force: true });
    writeFileSync(join(t, "script"), emitScript(host.program, { systemctl: "/t/systemctl" }));
    const { status, stdout, stderr } = spawnSync(
      "unshare",
      ["--mount", "--pid", "--fork", "sh", "-c", ENTER, "sh", this.root, host.because ?? ""],
      {
        encoding: "utf8",
        env: {
          PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
          ...(host.dry ? { NIXOS_ACTION: "dry-activate" } : {}),
        },
      },
    );
    const leaks = existsSync(join(t, "leaks"))
      ? readFileSync(join(t, "leaks"), "utf8")
      : "not written";
    return {
      status,
      stdout,
      stderr: leaks === "" ? stderr : `${stderr}LEAKS\n${leaks}`,
      log: readFileSync(join(t, "log"), "utf8").split("\n").filter(Boolean),
      tree: readTree(this.root),
      units: readUnits(readFileSync(join(t, "units"), "utf8")),
    };
  }
}

function readUnits(text: string): LoadedUnit[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [name = "", active, onStop, ...neededBy] = line.trimEnd().split(" ");
      return { name, active, onStop, neededBy } as LoadedUnit;
    });
}
