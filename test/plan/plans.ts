import type { Plan, PlannedFile, PlannedVm } from "../../src/plan/model.ts";

/** The plan of a host that has nothing, with changes. */
export function plan(host: string, changes: Partial<Plan> = {}): Plan {
  return {
    schemaVersion: 2,
    release: "0.3.0",
    host,
    generation: `/nix/store/k3v9xq7m2bz1c8r5w0n4p6d1h7s2f9ja-nixos-system-${host}-26.05`,
    made: "2026-11-28T19:11:00Z",
    vms: [],
    files: [],
    stop: [],
    remove: [],
    reset: [],
    reload: false,
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
    reason: "no MicroVM needs it any more",
    ...changes,
  };
}

/** When the tests make a report: three hours after most plans. */
export const NOW = new Date("2026-11-28T22:11:30Z");

/** Three hosts: on one a run stops `bar` and removes the drop-ins of `old`, one is clean, one has an error. */
export const FLEET: readonly Plan[] = [
  plan("hyp-10", {
    made: "2026-11-25T22:11:00Z",
    vms: [vm("db"), vm("scratch", { verdict: "imperative", active: false })],
  }),
  plan("hyp-2", {
    vms: [
      vm("fw"),
      vm("bar", { verdict: "orphan", happens: "it is stopped" }),
      vm("old", { verdict: "leftover", active: false, happens: "its unit files go" }),
    ],
    files: [dropIn("old")],
    stop: ["bar"],
    remove: [dropIn("old").path],
    reload: true,
    notes: ["running, but no generation declares it, so it is left alone: lab"],
  }),
  plan("edge", {
    vms: [vm("router")],
    errors: ["systemd does not answer, so nothing is stopped or removed"],
  }),
];
