/**
 * The usage document: what the NixOS configurations of a flake use of microvm.nix.
 *
 * It comes in two forms. A usage document is one JSON object with all hosts of a flake. A fleet may
 * come as JSON Lines instead: one host a line, so that memory does not grow with the number of hosts.
 * A document, or a line, has at most 24 MiB: room for 2,000 hosts with 50 MicroVMs each.
 * All properties are required, and a property that is not listed here is an error.
 *
 * `microvm-sweep expr` prints the Nix expression that makes a document out of a flake:
 *
 *     nix eval --json .#nixosConfigurations --apply "$(microvm-sweep expr)" > usage.json
 *
 * With `--host hyp-01 --usage-format json-lines` it makes that host's line, and no other configuration
 * is evaluated.
 */

/** What every form of a usage starts with. */
export interface Versioned {
  /**
   * Version of this format. A newer one is refused with the name of the release that reads it.
   *
   * @example 1
   */
  schemaVersion: 1;
}

/**
 * All hosts of one flake. The Nix function takes `nixosConfigurations`.
 *
 * @nixArgument configurations
 */
export interface UsageDocument extends Versioned {
  /**
   * The configurations, by their name in `nixosConfigurations`.
   *
   * @nix configurations
   * @nixErrorContext while extracting the microvm.nix usage of NixOS configuration '${name}'
   * @example "hyp-01"
   */
  hosts: Record<string, Host>;
}

/**
 * One NixOS configuration of the flake: a member of `nixosConfigurations`.
 *
 * @nixArgument member
 * @nixLet inherit (member) config options;
 * @nixConfig config
 */
export interface Host {
  /**
   * Platform that the host runs on, as Nix names it. Packages are looked at only where the
   * configuration does not say it itself in `nixpkgs.hostPlatform`.
   *
   * @nix
   *   if options.nixpkgs.hostPlatform.isDefined or false then
   *     config.nixpkgs.hostPlatform.system
   *   else
   *     member.pkgs.stdenv.hostPlatform.system
   * @pattern ^[a-z0-9_]+-[a-z0-9_]+$
   * @example "x86_64-linux"
   */
  system: string;

  /**
   * Release of NixOS that the configuration is built from: year and month.
   *
   * @option system.nixos.release
   * @pattern ^[0-9]{2}\.[0-9]{2}$
   * @example "26.05"
   */
  nixosRelease: string;

  /**
   * Whether the configuration is itself a MicroVM. A guest is skipped unless it is named. Releases
   * of microvm.nix whose guest module cannot be switched off make every importer a guest.
   *
   * @nix if config.microvm.guest.enable or (options ? microvm.hypervisor) then "guest" else "host"
   * @example "host"
   */
  role: "host" | "guest";

  /**
   * State of the host module of microvm.nix: not imported, imported with
   * `microvm.host.enable = false`, or in use.
   *
   * @nix
   *   if !(options ? microvm.host.enable) then
   *     "absent"
   *   else if config.microvm.host.enable then
   *     "enabled"
   *   else
   *     "disabled"
   * @example "enabled"
   */
  hostModule: "absent" | "disabled" | "enabled";

  /**
   * Directory that holds one state directory for each MicroVM.
   *
   * @option microvm.stateDir
   * @default "/var/lib/microvms"
   * @example "/var/lib/microvms"
   */
  stateDir: string;

  /**
   * Names of the MicroVMs that start at boot, sorted. It may name imperative ones: they count as
   * declared.
   *
   * @option microvm.autostart
   * @default []
   * @sorted
   * @example ["fw", "imp"]
   */
  autostart: string[];

  /**
   * Whether this NixOS has activation scripts and runs them: false where the option is missing, or
   * `system.activatable` is false.
   *
   * @nix options ? system.activationScripts && (config.system.activatable or true)
   * @example true
   */
  activationScripts: boolean;

  /**
   * How `/etc` is made: `none` where it is not an overlay, otherwise whether the overlay can be
   * written to.
   *
   * @nix
   *   if !(config.system.etc.overlay.enable or false) then
   *     "none"
   *   else if config.system.etc.overlay.mutable then
   *     "mutable"
   *   else
   *     "immutable"
   * @example "none"
   */
  etcOverlay: "none" | "immutable" | "mutable";

  /**
   * The MicroVMs that the host declares, by name.
   *
   * @option microvm.vms
   * @default {}
   * @example "fw"
   */
  vms: Record<string, DeclaredVm>;
}

/**
 * One MicroVM of `microvm.vms`.
 *
 * @nixArgument vm
 * @nixConfig vm
 */
export interface DeclaredVm {
  /**
   * Where the MicroVM's system comes from: `flake` where its option `flake` is set, `config`
   * otherwise (fully declarative, by `config` or `evaluatedConfig`). Neither of the two is looked at:
   * that would evaluate the guest.
   *
   * @nix if vm.flake != null then "flake" else "config"
   * @example "config"
   */
  kind: "config" | "flake";

  /**
   * Whether the MicroVM starts at boot.
   *
   * @option autostart
   * @example true
   */
  autostart: boolean;

  /**
   * Flake reference that a later `microvm -u` on the host builds from; null where none is set.
   *
   * @option updateFlake
   * @example null
   */
  updateFlake: string | null;
}

/**
 * One host as a line of JSON Lines: the host with its name and the version of the format.
 *
 * @nixArgument host
 */
export interface HostLine extends Versioned, Host {
  /**
   * Name of the configuration in `nixosConfigurations`.
   *
   * @nix host
   * @example "hyp-01"
   */
  host: string;
}
