import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A Debian release and the systemd that it has. */
export interface Suite {
  readonly suite: "bookworm" | "trixie" | "sid";
  readonly systemd: string;
  /** The message bus: none at all, the reference one, or the one that NixOS moves to. */
  readonly bus: readonly string[];
  /** What Debian has taken out of util-linux there: rename(1). */
  readonly more?: readonly string[];
}

/** The systemd of NixOS 24.05 is 255 and that of 25.11 is 258: these three span them. */
export const SUITES = {
  oldest: { suite: "bookworm", systemd: "252", bus: [] },
  middle: { suite: "trixie", systemd: "257", bus: ["dbus"] },
  newest: { suite: "sid", systemd: "262", bus: ["dbus-broker"], more: ["util-linux-extra"] },
} as const satisfies Record<string, Suite>;

/** What the containers need beside Debian's minimal system. */
const PACKAGES = ["systemd", "systemd-sysv", "procps", "strace", "iproute2"];

/** Finds the first mirror that apt is configured for on this machine, in either format of its sources. */
function mirror(): string {
  const directory = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...(existsSync(directory) ? readdirSync(directory) : []).map((file) => join(directory, file)),
  ];
  for (const file of files.filter((path) => existsSync(path))) {
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s*)?)(\S+\/debian)\/?\s*(?:\s|$)/m.exec(
      readFileSync(file, "utf8"),
    )?.[1];
    if (found !== undefined) return found;
  }
  throw new Error("apt names no Debian mirror on this machine");
}

/** Where what is made once is kept for later runs. */
export function cacheDirectory(): string {
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "microvm-sweep");
  mkdirSync(cache, { recursive: true });
  return cache;
}

/**
 * Makes a Debian root with systemd by debootstrap, once, and keeps it in the user's cache. Test files
 * that run side by side wait for one another.
 */
export function debianRoot({ suite, bus, more = [] }: Suite): string {
  const packages = [...PACKAGES, ...bus, ...more].join(",");
  const key = createHash("sha256").update(`${suite} ${packages}`).digest("hex").slice(0, 12);
  const root = join(cacheDirectory(), `${suite}-${key}`);
  // debootstrap knows a newer suite by the name of an older one's script.
  const script = `
    [ ! -e "$1" ] || exit 0
    rm -rf "$1.new"
    debootstrap --variant=minbase --include="$2" "$3" "$1.new" "$4" && mv "$1.new" "$1"
  `;
  const { status, stdout, stderr } = spawnSync(
    "flock",
    [`${root}.lock`, "sh", "-c", script, "sh", root, packages, suite, mirror()],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`debootstrap failed:\n${(stdout + stderr).slice(-2000)}`);
  return root;
}
