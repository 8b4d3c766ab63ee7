import { DEFAULT_POLICY, type Policy, type PolicySettings } from "./policy.ts";

/**
 * The policy of a run: a flag goes before the file, the file before the default, and what both list is
 * joined, sorted by code unit and each once.
 */
export function mergePolicy(file: PolicySettings, flags: PolicySettings): Policy {
  const list = (key: "keep" | "stateDelete" | "unitDirs") =>
    [...new Set([...(file[key] ?? []), ...(flags[key] ?? [])])].sort();
  return {
    orphans: flags.orphans ?? file.orphans ?? DEFAULT_POLICY.orphans,
    unitFiles: flags.unitFiles ?? file.unitFiles ?? DEFAULT_POLICY.unitFiles,
    state: flags.state ?? file.state ?? DEFAULT_POLICY.state,
    gcroots: flags.gcroots ?? file.gcroots ?? DEFAULT_POLICY.gcroots,
    keep: list("keep"),
    stateDelete: list("stateDelete"),
    unitDirs: list("unitDirs"),
  };
}
