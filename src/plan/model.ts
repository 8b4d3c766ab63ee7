/**
 * The plan document.
 *
 * `sweep-microvms plan --json` prints it on a host: one JSON object that says what a run of the sweep
 * would do, and why. All properties are always there.
 */

/** What a run would do on one host. */
export interface Plan {
  /**
   * Version of this format.
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
   * Name of the configuration in `nixosConfigurations`.
   *
   * @example "hyp-01"
   */
  host: string;

  /**
   * The generation that the plan compares the host with: the path of its toplevel.
   *
   * @example "/nix/store/0c53h5pwd5gzlg2xxd9bd1vnqhvd7zf7-nixos-system-hyp-01-26.05"
   */
  generation: string;

  /** The MicroVMs of which anything was found, sorted by name. */
  vms: PlannedVm[];

  /** The unit files of MicroVMs that were found, sorted by path. */
  files: PlannedFile[];

  /**
   * Names of the MicroVMs that a run would stop.
   *
   * @sorted
   * @example ["bar"]
   */
  stop: string[];

  /**
   * Paths of the unit files that a run would remove.
   *
   * @sorted
   * @example ["/etc/systemd/system.control/microvm@bar.service.d"]
   */
  remove: string[];

  /**
   * Whether a run would make systemd read its unit files again (`systemctl daemon-reload`).
   *
   * @example true
   */
  reload: boolean;

  /**
   * Units whose failed state a run would reset.
   *
   * @sorted
   * @example ["microvm@bar.service"]
   */
  reset: string[];

  /**
   * Names of the garbage collection roots in `/nix/var/nix/gcroots/microvm` that a run would remove.
   *
   * @sorted
   * @example ["booted-bar"]
   */
  roots: string[];

  /**
   * State directories that a run would archive or delete.
   *
   * @sorted
   * @example ["/var/lib/microvms/bar"]
   */
  state: string[];

  /**
   * What a run would leave alone, and how to act on it: one sentence each.
   *
   * @example []
   */
  notes: string[];

  /**
   * What would fail in a run: one sentence each.
   *
   * @example []
   */
  errors: string[];

  /**
   * What could not be looked at without root: one sentence each.
   *
   * @example []
   */
  unseen: string[];
}

/** One MicroVM of which anything was found. */
export interface PlannedVm {
  /**
   * Instance name of the MicroVM.
   *
   * @example "bar"
   */
  name: string;

  /**
   * The row of the table in `docs/design.md`, "Rules of the sweep", that fits the MicroVM.
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
   * Whether a unit of the MicroVM is active.
   *
   * @example true
   */
  active: boolean;

  /**
   * The facts that decide the verdict, in a sentence.
   *
   * @example "the configuration that is replaced declares it"
   */
  evidence: string;

  /**
   * What a run would do with the MicroVM, in a sentence.
   *
   * @example "it is stopped and its unit files are removed"
   */
  happens: string;
}

/** One unit file, link or drop-in directory of a MicroVM or of a template unit. */
export interface PlannedFile {
  /**
   * Path of the file.
   *
   * @example "/etc/systemd/system.control/microvm@bar.service.d"
   */
  path: string;

  /**
   * Name of the MicroVM that the file belongs to. It is null for a template unit.
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
   * Why, in a sentence.
   *
   * @example "bar is an orphan"
   */
  reason: string;
}
