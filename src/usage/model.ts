/**
 * The usage document.
 *
 * It says how the NixOS configurations of a flake use microvm.nix.
 *
 * It has two forms. A usage document is one JSON object with all hosts of a flake. A fleet may also be
 * JSON Lines: one host a line, so that memory does not grow with the number of hosts.
 * A document, or a line, has at most 24 MiB, which is enough for 2,000 hosts with 50 MicroVMs each.
 * All properties are required, and a property that is not listed here is an error.
 *
 * `microvm-sweep expr` prints the Nix expression that makes a document out of a flake:
 *
 *     nix eval --json .#nixosConfigurations --apply "$(microvm-sweep expr)" > usage.json
 *
 * With `--host hyp-01 --usage-format json-lines` the expression makes the line of that host and
 * evaluates no other configuration.
 */

/** What every form of a usage starts with. */
export interface Versioned {
  /**
   * Version of this format. A release refuses a newer version.
   *
   * @readBy the reader, which refuses a newer version
   * @example 1
   */
  schemaVersion: 1;
}

/**
 * All hosts of one flake.
 */
export interface UsageDocument extends Versioned {
  /**
   * The configurations, by their name in `nixosConfigurations`.
   *
   * @readBy `gen`, which makes a page for the host that is wanted
   * @example "hyp-01"
   */
  hosts: Record<string, Host>;
}

/**
 * One NixOS configuration of the flake: a member of `nixosConfigurations`.
 */
export interface Host {
  /**
   * Platform that the host runs on, as Nix names it. The packages of the configuration are evaluated
   * only where the option does not say it.
   *
   * @option nixpkgs.hostPlatform
   * @pattern ^[a-z0-9_]+-[a-z0-9_]+$
   * @readBy the check of a document, which refuses a platform other than Linux
   * @example "x86_64-linux"
   */
  system: string;

  /**
   * Release of NixOS that the configuration is built from: year and month.
   *
   * @option system.nixos.release
   * @pattern ^[0-9]{2}\.[0-9]{2}$
   * @readBy the check of the policy, which warns of `--orphans report` and `--keep` from 26.05 on,
   *   where NixOS itself stops removed MicroVMs, and of `--limit` before 25.05, where nothing enforces it
   * @example "26.05"
   */
  nixosRelease: string;

  /**
   * Whether the configuration is a MicroVM and nothing else. One that declares MicroVMs itself is a host.
   * Where the guest module of microvm.nix is too old to be switched off, it counts as in use.
   *
   * @option microvm.guest.enable
   * @readBy the choice of a host, which skips guests unless they are named
   * @example "host"
   */
  role: "host" | "guest";

  /**
   * State of the host module of microvm.nix: not imported, imported with
   * `microvm.host.enable = false`, or in use. It is `"unknown"` where the options `microvm` are not those
   * of microvm.nix 0.4 or later: the other keys then say nothing of MicroVMs.
   *
   * @option microvm.host.enable
   * @readBy the page and the check of the policy: the host declares no name unless it is `"enabled"`; the
   *   check of a document, which refuses what is unknown
   * @example "enabled"
   */
  hostModule: "absent" | "disabled" | "enabled" | "unknown";

  /**
   * Directory that holds one state directory for each MicroVM: `/var/lib/microvms` where no option says
   * it.
   *
   * @option microvm.stateDir
   * @readBy the page
   * @example "/var/lib/microvms"
   */
  stateDir: string;

  /**
   * Names of the MicroVMs that start at boot, sorted. It may name imperative ones, which then count as
   * declared.
   *
   * @option microvm.autostart
   * @sorted
   * @readBy the page and the check of the policy, as declared names
   * @example ["fw", "imp"]
   */
  autostart: string[];

  /**
   * Whether this NixOS has activation scripts and runs them. It is false where the option is missing
   * and where `system.activatable` is false.
   *
   * @option system.activationScripts
   * @readBy the check of the policy, which refuses `--backend activation` where it is false
   * @example true
   */
  activationScripts: boolean;

  /**
   * How `/etc` is made: `none` where it is not an overlay, otherwise whether the overlay can be
   * written to.
   *
   * @option system.etc.overlay.enable
   * @readBy nothing since release 0.3: it stays because version 1 of the format has it
   * @example "none"
   */
  etcOverlay: "none" | "immutable" | "mutable";

  /**
   * The MicroVMs that the host declares, by name.
   *
   * @option microvm.vms
   * @readBy the page and the check of the policy, as declared names
   * @example "fw"
   */
  vms: Record<string, DeclaredVm>;
}

/**
 * One MicroVM of `microvm.vms`.
 */
export interface DeclaredVm {
  /**
   * Where the system of the MicroVM comes from: `flake` where its option `flake` is set, otherwise
   * `config`. The options `config` and `evaluatedConfig` are not looked at, because that would evaluate
   * the guest.
   *
   * @option microvm.vms.<name>.flake
   * @readBy the summary of `gen --all`, for MicroVMs that moved to another host
   * @example "config"
   */
  kind: "config" | "flake";

  /**
   * Whether the MicroVM starts at boot.
   *
   * @option microvm.vms.<name>.autostart
   * @readBy the summary of `gen --all`, for MicroVMs that moved to another host
   * @example true
   */
  autostart: boolean;

  /**
   * Flake reference that a later `microvm -u` on the host builds from. It is null where none is set.
   *
   * @option microvm.vms.<name>.updateFlake
   * @readBy the summary of `gen --all`, for MicroVMs that moved to another host
   * @example null
   */
  updateFlake: string | null;
}

/**
 * One host as a line of JSON Lines: the host with its name and the version of the format.
 */
export interface HostLine extends Versioned, Host {
  /**
   * Name of the configuration in `nixosConfigurations`.
   *
   * @readBy the choice of a host, and every message about the host
   * @example "hyp-01"
   */
  host: string;
}
