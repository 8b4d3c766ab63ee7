import type { Policy } from "./policy.ts";

/**
 * What the emitted script must know: one host's declarations and the administrator's policy.
 * Every list is sorted by code unit and free of duplicates, so that equal input gives equal text.
 */
export interface SweepProgram {
  readonly hostName: string;
  /** Absolute, normalised path of the directory that holds one state directory a VM. */
  readonly stateDir: string;
  /** Names in `microvm.vms`. They alone are written to the ledger: they alone are evidence. */
  readonly vms: readonly string[];
  /** Names in `microvm.autostart`; together with `vms` they are the declared names. */
  readonly autostart: readonly string[];
  readonly policy: Policy;
}
