/** The values of `--orphans`: what to do with a VM that this switch removes (design, "Policy"). */
export const ORPHANS = ["stop", "stop-all", "report"] as const;
/** The values of `--unit-files`: what to do with stale unit files. */
export const UNIT_FILES = ["delete", "quarantine", "report"] as const;
/** The values of `--state`: what to do with the state directories of orphans and leftovers. */
export const STATE = ["keep", "archive", "delete"] as const;
/** The values of `--gcroots`: what to do with dangling garbage collection roots. */
export const GCROOTS = ["prune", "keep"] as const;
/** The values of `--backend`: what runs the script on the host; `auto` decides when it is evaluated. */
export const BACKENDS = ["auto", "activation", "service"] as const;

/** What the administrator lets the sweep do. Instance names and directories are sorted and unique. */
export interface Policy {
  readonly orphans: (typeof ORPHANS)[number];
  readonly unitFiles: (typeof UNIT_FILES)[number];
  readonly state: (typeof STATE)[number];
  readonly gcroots: (typeof GCROOTS)[number];
  /** Instance names that are left alone whatever is found. */
  readonly keep: readonly string[];
  /** Instance names whose state directory `state = "delete"` may delete; nothing else is ever deleted. */
  readonly stateDelete: readonly string[];
  /** Unit directories looked at beside those of the design; absolute paths. */
  readonly unitDirs: readonly string[];
}

/** The policy of a run that names none (design, "Policy"). */
export const DEFAULT_POLICY: Policy = {
  orphans: "stop",
  unitFiles: "delete",
  state: "keep",
  gcroots: "prune",
  keep: [],
  stateDelete: [],
  unitDirs: [],
};

/** What a policy file or the command line says: any part of a policy, and what runs the script. */
export interface PolicySettings extends Partial<Policy> {
  readonly backend?: (typeof BACKENDS)[number];
}
