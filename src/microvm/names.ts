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

/** The characters of an instance name (systemd.unit(5), "Description"; `\` escapes all others). */
const ALLOWED = /^[A-Za-z0-9:_.\\@-]$/;

/**
 * Says why no unit of microvm.nix can have this instance name; `undefined` where all can. `.` and `..`
 * are refused because the state directory of such a name would be another directory.
 */
export function instanceNameFault(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name === "." || name === "..") return "it names another directory";
  const wrong = [...name].find((character) => !ALLOWED.test(character));
  if (wrong !== undefined) return `it has the character ${JSON.stringify(wrong)}`;
  return name.length > MAX_INSTANCE_NAME_BYTES
    ? `it has ${name.length} bytes, and at most ${MAX_INSTANCE_NAME_BYTES} fit into a unit name`
    : undefined;
}
