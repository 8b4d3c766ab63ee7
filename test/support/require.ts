import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { debianRoot, type Suite } from "../systemd/root.ts";

/** Where cargo and go put what they build; not every shell has it on PATH. */
const BINS = [
  join(process.env["CARGO_HOME"] ?? join(homedir(), ".cargo"), "bin"),
  join(process.env["GOPATH"] ?? join(homedir(), "go"), "bin"),
];
process.env["PATH"] = [process.env["PATH"], ...BINS].join(":");

/** Commands that `test/setup/install.sh` builds, and with what. */
const BUILT: Readonly<Record<string, string>> = {
  actionlint: "go",
  deadnix: "cargo",
  nixfmt: "cargo",
};

function isInstalled(command: string): boolean {
  return spawnSync("sh", ["-c", 'command -v -- "$1"', "sh", command]).status === 0;
}

/**
 * What a test needs and this machine lacks: a visible skip with its reason, and under `CI=true` a
 * failure, so that no check goes missing unnoticed.
 */
export function missing(reason: string, required: boolean): string {
  if (required && process.env["CI"] === "true") {
    throw new Error(`${reason}: run "npm run setup" as root`);
  }
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}

/**
 * The reason to skip, or `undefined` where every named command is installed. Use it as
 * `describe.skipIf(requireTool("nix"))(…)`.
 *
 * What cargo or go builds may be missing even under `CI=true` where there is no cargo or go.
 */
export function requireTool(...commands: readonly string[]): string | undefined {
  const absent = commands.filter((command) => !isInstalled(command));
  if (absent.length === 0) return undefined;
  const required = absent.some((command) => isInstalled(BUILT[command] ?? "sh"));
  return missing(`${absent.join(", ")} not installed`, required);
}

/** The reason to skip, or `undefined` where the tests run as root. */
export function requireRoot(): string | undefined {
  return process.getuid?.() === 0 ? undefined : missing("not root", true);
}

/**
 * The reason to skip, or `undefined` where containers of a Debian suite can run. Makes its root where
 * the cache has none, which takes minutes.
 */
export function requireContainer(suite: Suite): string | undefined {
  const reason =
    requireRoot() ?? requireTool("debootstrap", "systemd-nspawn", "nsenter", "unshare", "flock");
  if (reason !== undefined) return reason;
  try {
    debianRoot(suite);
    return undefined;
  } catch (error) {
    return missing(`no root of Debian ${suite.suite}: ${(error as Error).message}`, true);
  }
}
