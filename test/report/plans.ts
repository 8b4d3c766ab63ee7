import type { Plan, PlannedFile, PlannedVm } from "../../src/plan/model.ts";

/** The plan of a host that has nothing, with changes. */
export function plan(host: string, changes: Partial<Plan> = {}): Plan {
  return {
    schemaVersion: 1,
    release: "0.2.0",
    host,
    generation: `/nix/store/k3v9xq7m2bz1c8r5w0n4p6d1h7s2f9ja-nixos-system-${host}-26.05`,
    vms: [],
    files: [],
    stop: [],
    remove: [],
    reload: false,
    reset: [],
    roots: [],
    state: [],
    notes: [],
    errors: [],
    unseen: [],
    ...changes,
  };
}

/** A MicroVM that is declared and runs, with changes. */
export function vm(name: string, changes: Partial<PlannedVm> = {}): PlannedVm {
  return {
    name,
    verdict: "live",
    active: true,
    evidence: "the configuration declares it",
    happens: "nothing",
    ...changes,
  };
}

/** A drop-in directory of a MicroVM, which a run removes. */
export function dropIn(name: string, changes: Partial<PlannedFile> = {}): PlannedFile {
  return {
    path: `/etc/systemd/system.control/microvm@${name}.service.d`,
    vm: name,
    happens: "remove",
    reason: "its MicroVM is gone, or no MicroVM needs it",
    ...changes,
  };
}

/** Three hosts: on one a run stops `bar` and removes the drop-ins of `old`, one is clean, one has an error. */
export const FLEET: readonly Plan[] = [
  plan("hyp-10", { vms: [vm("db"), vm("scratch", { verdict: "imperative", active: false })] }),
  plan("hyp-2", {
    vms: [
      vm("fw"),
      vm("bar", { verdict: "orphan", happens: "stops; unit files: delete; state: stays" }),
      vm("old", { verdict: "leftover", active: false, happens: "unit files: delete" }),
    ],
    files: [dropIn("old")],
    stop: ["bar"],
    remove: [dropIn("old").path],
    reload: true,
    notes: ["state directories kept: /var/lib/microvms/bar"],
  }),
  plan("edge", {
    vms: [vm("router")],
    errors: ["systemd does not answer, so nothing is stopped or removed"],
  }),
];
