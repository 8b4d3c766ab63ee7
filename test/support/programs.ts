import { DEFAULT_POLICY, GCROOTS, type Policy, STATE, UNIT_FILES } from "../../src/sweep/policy.ts";
import type { SweepProgram } from "../../src/sweep/program.ts";

/** A host that declares `fw` and `db`, and starts `fw` and the imperative `imp`. */
export function program(policy: Partial<Policy> = {}): SweepProgram {
  return {
    hostName: "hyp-01",
    stateDir: "/var/lib/microvms",
    vms: ["db", "fw"],
    autostart: ["fw", "imp"],
    policy: { ...DEFAULT_POLICY, ...policy },
  };
}

/** Every combination of the policy's values that chooses other templates; `orphans` is only a word in them. */
export function allPolicies(): Partial<Policy>[] {
  return UNIT_FILES.flatMap((unitFiles) =>
    STATE.flatMap((state) =>
      GCROOTS.map((gcroots) => ({
        unitFiles,
        state,
        gcroots,
        keep: ["lab"],
        stateDelete: state === "delete" ? ["bar"] : [],
      })),
    ),
  );
}
