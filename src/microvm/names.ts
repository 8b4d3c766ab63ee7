/**
 * The units that microvm.nix has owned in any release (design, "Terms"; microvm.nix
 * `nixos-modules/host/default.nix`, 0.4 to today). The program has the same list.
 */
export const FAMILIES = {
  /** Prefixes of the template units; `PREFIX@.service` is the template, `PREFIX@NAME.service` an instance. */
  templatePrefixes: [
    "microvm",
    "microvm-tap-interfaces",
    "microvm-macvtap-interfaces",
    "microvm-pci-devices",
    "microvm-virtiofsd",
    "microvm-set-booted",
  ],
  /** `install-microvm-NAME.service` makes the state directory of a declared VM. */
  installPrefix: "install-microvm-",
  /** The target that starts the VMs of `microvm.autostart`. */
  target: "microvms.target",
} as const;

/**
 * The longest instance name, in bytes, that fits into every unit of the families: a unit name has at
 * most 255 (`UNIT_NAME_MAX`, systemd `src/basic/unit-name.h`).
 */
export const MAX_INSTANCE_NAME_BYTES =
  255 -
  Math.max(
    ...FAMILIES.templatePrefixes.map((prefix) => `${prefix}@.service`.length),
    `${FAMILIES.installPrefix}.service`.length,
  );

/** A text of the characters of an instance name (systemd.unit(5), "Description"; `\` escapes all others). */
const ALLOWED = /^[A-Za-z0-9:_.\\@-]+$/;

/**
 * Says why no unit of microvm.nix can have this instance name; `undefined` where all can. `.` and `..`
 * are refused because the state directory of such a name would be another directory.
 */
export function instanceNameFault(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name === "." || name === "..") return "it names another directory";
  if (!ALLOWED.test(name)) {
    const wrong = [...name].find((character) => !ALLOWED.test(character));
    return `it has the character ${JSON.stringify(wrong)}`;
  }
  return name.length > MAX_INSTANCE_NAME_BYTES
    ? `it has ${name.length} bytes, and at most ${MAX_INSTANCE_NAME_BYTES} fit into a unit name`
    : undefined;
}

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
