/**
 * The units that microvm.nix has owned in any release: the one place that names them
 * (design, "Terms"; microvm.nix `nixos-modules/host/default.nix`, 0.4 to today).
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
 * The longest instance name, in bytes, that every unit of the families can have: a unit name has at
 * most 255 (`UNIT_NAME_MAX`, systemd `src/basic/unit-name.h`).
 */
export const MAX_INSTANCE_NAME_BYTES =
  255 -
  Math.max(
    ...FAMILIES.templatePrefixes.map((prefix) => `${prefix}@.service`.length),
    `${FAMILIES.installPrefix}.service`.length,
  );

/**
 * The unit directories that an administrator or a tool can write, in the order of systemd.unit(5)
 * (design, "Unit directories"). Generator output and `/run/systemd/transient` are not among them.
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

/**
 * The first NixOS release on which the script runs as a service: activation scripts are deprecated
 * there (nixpkgs issue 475305, pull request 557322).
 */
export const FIRST_SERVICE_RELEASE = "26.11";
