import { GCROOTS, ORPHANS, STATE, UNIT_FILES } from "../../policy/policy.ts";

/** An option that may be given many times, one value each. */
const list = { type: "string", array: true, requiresArg: true, group: "Policy:" } as const;
/** An option with one value. */
const single = { requiresArg: true, group: "Policy:" } as const;

/** What the administrator lets the sweep do (design, "Policy"). A flag goes before `--config`. */
export const policyOptions = {
  config: { ...single, type: "string", describe: "read the policy from a JSON file" },
  orphans: {
    ...single,
    choices: ORPHANS,
    describe: "MicroVMs that a switch removes: stop (default), also older ones, or report",
  },
  "unit-files": {
    ...single,
    choices: UNIT_FILES,
    describe: "stale unit files: delete (default), move to a quarantine, or report",
  },
  state: {
    ...single,
    choices: STATE,
    describe: "state directories: keep (default), archive, or delete those of --state-delete",
  },
  gcroots: {
    ...single,
    choices: GCROOTS,
    describe: "dangling garbage collection roots: prune (default) or keep",
  },
  keep: { ...list, describe: "leave the MicroVM of this name alone; may be repeated" },
  "state-delete": {
    ...list,
    describe: "with --state delete, delete the state of this name; may be repeated",
  },
  "unit-dir": { ...list, describe: "look into this unit directory too; may be repeated" },
} as const;
