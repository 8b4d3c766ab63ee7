/**
 * The plan.
 *
 * `sweep-microvms plan --json` prints it on a host: one JSON object that says what a run of the sweep
 * would do there, and why. All properties are present.
 */

/** What a run would do on one host. */
export interface Plan {
  /**
   * Version of this format. A program that reads it should refuse any other.
   *
   * @example 2
   */
  schemaVersion: 2;

  /**
   * Release of microvm-sweep that made the plan.
   *
   * @example "0.3.0"
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

  /**
   * When the plan was made, by the clock of the host, in UTC.
   *
   * @pattern ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$
   * @example "2026-11-28T22:11:00Z"
   */
  made: string;

  /** Every MicroVM that was found or is declared, sorted by name. */
  vms: PlannedVm[];

  /** Every unit file of microvm.nix in a unit directory that goes, or that nothing declared needs and that stays. */
  files: PlannedFile[];

  /**
   * Names of the MicroVMs that would be stopped.
   *
   * @example ["bar"]
   */
  stop: string[];

  /**
   * Paths of the unit files that would be removed. What somebody wrote is moved, and counts as removed.
   *
   * @example ["/etc/systemd/system/microvm@.service"]
   */
  remove: string[];

  /**
   * Units whose failed state would be reset.
   *
   * @example ["microvm@bar.service"]
   */
  reset: string[];

  /**
   * Whether systemd would reload its units.
   *
   * @example true
   */
  reload: boolean;

  /**
   * What stays and why, one sentence each: the lines that a run prints for it.
   *
   * @example ["running, but no generation declares it, so it is left alone: foo"]
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
   * the keep list, `foreign` has an alias or a mask, `imperative` was made by hand, `orphan` is
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
   * @example "this switch removes it: the running system declares it, and the new one does not"
   */
  evidence: string;

  /**
   * What a run would do with the MicroVM, in one sentence.
   *
   * @example "it is stopped, and its unit files go"
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
   * What a run would do with the file.
   *
   * @example "remove"
   */
  happens: "remove" | "keep";

  /**
   * Why, in a few words.
   *
   * @example "no MicroVM needs it any more"
   */
  reason: string;
}
