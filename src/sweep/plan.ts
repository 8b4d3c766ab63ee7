import type { Host } from "../usage/model.ts";
import type { Policy } from "./policy.ts";
import type { SweepProgram } from "./program.ts";

/** Sorted by code unit and without duplicates, so that no locale changes what is emitted. */
function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

/**
 * What the script for one host must know: its declared names and the policy, in a fixed order.
 * Expects a host and a policy that have been read without an error.
 */
export function plan(hostName: string, host: Host, policy: Policy): SweepProgram {
  return {
    hostName,
    stateDir: host.stateDir,
    vms: sorted(Object.keys(host.vms)),
    autostart: sorted(host.autostart),
    policy: {
      ...policy,
      keep: sorted(policy.keep),
      stateDelete: sorted(policy.stateDelete),
      unitDirs: sorted(policy.unitDirs),
    },
  };
}
