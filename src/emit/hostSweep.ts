import type { Backend, Policy } from "../policy/policy.ts";

/** One host as it is emitted: what it declares, and what the administrator lets the sweep do there. */
export interface HostSweep {
  readonly hostName: string;
  /** Names in `microvm.vms`; they alone are recorded, and a recorded name may be stopped. */
  readonly vms: readonly string[];
  /** Names in `microvm.autostart`; together with `vms` they are the declared names. */
  readonly autostart: readonly string[];
  /** Absolute, normalised path of the directory that holds one state directory for each MicroVM. */
  readonly stateDir: string;
  readonly policy: Policy;
  readonly backend: Backend;
}
