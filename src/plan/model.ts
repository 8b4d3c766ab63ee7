/**
 * The plan.
 *
 * `sweep-microvms plan --json` prints it on a host: one JSON object that says what a run of the sweep
 * would do there, and why. All properties are present.
 */

/** What a run would do on one host. */
export interface Plan {
  /**
   * Version of this format. A program that reads it should refuse a newer one.
   *
   * @example 1
   */
  schemaVersion: 1;

  /**
   * Release of microvm-sweep that made the plan.
   *
   * @example "0.2.0"
   */
  release: string;

  /**
   * Name of the host: with a page that of the configuration in `nixosConfigurations`, with the live module
   * `networking.hostName`.
   *
   * @example "hyp-01"
   */
  host: string;

  /**
   * Toplevel that the plan is made for: that of `--system`, otherwise the running one, with links resolved.
   *
   * @example "/nix/store/mq3l8v0q6d1x2w5kq6a4h7p9c8yz0b1n-nixos-system-hyp-01-26.05"
   */
  generation: string;

  /** Every MicroVM that was found or is declared, sorted by name. */
  vms: PlannedVm[];

  /** Every unit file of microvm.nix in a unit directory that is stale or stays for a reason. */
  files: PlannedFile[];

  /**
   * Names of the MicroVMs that would be stopped.
   *
   * @example ["bar"]
   */
  stop: string[];

  /**
   * Paths of the unit files that would be removed, or moved to the quarantine.
   *
   * @example ["/etc/systemd/system/microvm@.service"]
   */
  remove: string[];

  /**
   * Whether systemd would reload its units.
   *
   * @example true
   */
  reload: boolean;

  /**
   * Units whose failed state would be reset.
   *
   * @example ["microvm@bar.service"]
   */
  reset: string[];

  /**
   * Garbage collection roots that would be removed: their names in `/nix/var/nix/gcroots/microvm`.
   *
   * @example ["booted-bar"]
   */
  roots: string[];

  /**
   * State directories that would be archived or deleted.
   *
   * @example ["/var/lib/microvms/bar"]
   */
  state: string[];

  /**
   * What stays and why, one sentence each: the lines that a run prints for it.
   *
   * @example ["state directories kept: /var/lib/microvms/bar"]
   */
  notes: string[];

  /**
   * Errors that a run would report, one sentence each.
   *
   * @example []
   */
  errors: string[];

  /**
   * What could not be seen, for example without root, one sentence each.
   *
   * @example []
   */
  unseen: string[];
}

/** One MicroVM in a plan. */
export interface PlannedVm {
  /**
   * Name of the MicroVM: the instance name of its units.
   *
   * @example "bar"
   */
  name: string;

  /**
   * Row of the verdict table that fits (docs/design.md, "Verdicts"): `live` is declared, `kept` is on
   * the keep list, `foreign` has units of the administrator, `imperative` was made by hand, `orphan` is
   * removed by this switch, `lingering` was removed earlier and runs, `leftover` was removed earlier and
   * does not run, `unknown` runs and nothing is known of it, `ghost` is named by unit files only.
   *
   * @example "orphan"
   */
  verdict:
    | "live"
    | "kept"
    | "foreign"
    | "imperative"
    | "orphan"
    | "lingering"
    | "leftover"
    | "unknown"
    | "ghost";

  /**
   * Whether systemd has a unit of the MicroVM that is neither inactive nor failed.
   *
   * @example true
   */
  active: boolean;

  /**
   * The facts that led to the verdict, in one sentence.
   *
   * @example "the replaced generation declares it"
   */
  evidence: string;

  /**
   * What a run would do with the MicroVM, in one sentence.
   *
   * @example "stopped, and its unit files are removed"
   */
  happens: string;
}

/** One unit file in a plan. */
export interface PlannedFile {
  /**
   * Absolute path of the file, link or directory.
   *
   * @example "/etc/systemd/system.control/microvm@bar.service.d"
   */
  path: string;

  /**
   * Name of the MicroVM that the file belongs to; null for a file of all MicroVMs, such as a template.
   *
   * @example "bar"
   */
  vm: string | null;

  /**
   * What a run would do with the file. A quarantine counts as a removal.
   *
   * @example "remove"
   */
  happens: "remove" | "keep";

  /**
   * Why, in one sentence.
   *
   * @example "bar is an orphan"
   */
  reason: string;
}
