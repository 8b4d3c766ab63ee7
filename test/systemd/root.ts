import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What the container needs beside Debian's minimal system. */
const PACKAGES = ["systemd", "systemd-sysv", "procps", "strace"];

/** The first mirror that apt is configured for on this machine, in either format of its sources. */
function mirror(): string {
  const directory = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...(existsSync(directory) ? readdirSync(directory) : []).map((file) => join(directory, file)),
  ];
  for (const file of files.filter((path) => existsSync(path))) {
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s*)?)(\S+)/m.exec(
      readFileSync(file, "utf8"),
    )?.[1];
    if (found !== undefined) return found;
  }
  throw new Error("apt names no mirror on this machine");
}

function codename(): string {
  const found = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  if (found === undefined) throw new Error("/etc/os-release names no Debian release");
  return found;
}

/** Where what is made once is kept for later runs. */
export function cacheDirectory(): string {
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "microvm-sweep");
  mkdirSync(cache, { recursive: true });
  return cache;
}

/**
 * A Debian root with systemd, made by debootstrap once and kept in the user's cache. Test files that
 * run side by side wait for one another.
 */
export function debianRoot(): string {
  const suite = codename();
  const key = createHash("sha256")
    .update([suite, ...PACKAGES].join(" "))
    .digest("hex")
    .slice(0, 12);
  const root = join(cacheDirectory(), `${suite}-${key}`);
  const script = `
    [ ! -e "$1" ] || exit 0
    rm -rf "$1.new"
    debootstrap --variant=minbase --include="$2" "$3" "$1.new" "$4" && mv "$1.new" "$1"
  `;
  const { status, stdout, stderr } = spawnSync(
    "flock",
    [`${root}.lock`, "sh", "-c", script, "sh", root, PACKAGES.join(","), suite, mirror()],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`debootstrap failed:\n${(stdout + stderr).slice(-2000)}`);
  return root;
}
