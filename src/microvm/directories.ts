/**
 * The unit directories that an administrator or a tool can write, in the order of systemd.unit(5)
 * (design, "Unit directories"). Generator output and `/run/systemd/transient` are not among them. The
 * program has the same list.
 */
export const UNIT_DIRECTORIES = [
  "/etc/systemd/system.control",
  "/run/systemd/system.control",
  "/etc/systemd/system",
  "/run/systemd/system",
  "/etc/systemd/system.attached",
  "/run/systemd/system.attached",
  "/usr/local/lib/systemd/system",
] as const;

/** The state directory where the configuration names none (microvm.nix, option `microvm.stateDir`). */
export const DEFAULT_STATE_DIR = "/var/lib/microvms";

/** Says why `path` is not the absolute, normalised path of a directory; `undefined` where it is one. */
export function directoryFault(path: string): string | undefined {
  if (!path.startsWith("/")) return "it is not absolute";
  if (/[\u0000-\u001f\u007f]/.test(path)) return "it has a control character";
  if (path === "/") return "it is the root directory";
  const wrong = path
    .slice(1)
    .split("/")
    .find((part) => part === "" || part === "." || part === "..");
  if (wrong === undefined) return undefined;
  return wrong === "" ? "it has an empty part" : `it has the part "${wrong}"`;
}

/** Whether `path` is `directory` or lies below it. Both are normalised. */
export function isAtOrBelow(path: string, directory: string): boolean {
  return `${path}/`.startsWith(`${directory}/`);
}

/** Says why `path` is no directory for the sweep: what is in the Nix store belongs to a generation. */
export function writableDirectoryFault(path: string): string | undefined {
  if (isAtOrBelow(path, "/nix/store")) return "it is in the Nix store";
  return directoryFault(path);
}
