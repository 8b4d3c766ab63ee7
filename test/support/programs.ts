import type { HostSweep } from "../../src/emit/program.ts";
import { choices, DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";

/** A host that declares `fw` and `db`, and starts `fw` and the imperative `imp`. */
export function program(policy: Partial<Policy> = {}): HostSweep {
  return {
    hostName: "hyp-01",
    stateDir: "/var/lib/microvms",
    backend: "auto",
    vms: ["db", "fw"],
    autostart: ["fw", "imp"],
    policy: { ...DEFAULT_POLICY, ...policy },
  };
}

/** Every combination of the policy's values that chooses other templates; `orphans` is only a word in them. */
export function allPolicies(): Partial<Policy>[] {
  return choices("unitFiles").flatMap((unitFiles) =>
    choices("state").flatMap((state) =>
      choices("gcroots").map((gcroots) => ({
        unitFiles,
        state,
        gcroots,
        keep: ["lab"],
        stateDelete: state === "delete" ? ["bar"] : [],
      })),
    ),
  );
}
