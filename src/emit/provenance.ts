import type { Backend } from "../policy/policy.ts";

/** What the header of an emitted module says of its origin, and what runs its script. */
export interface Provenance {
  /** What the usage was read from, in words: "the flake `.`", "`usage.json`", "standard input". */
  readonly source: string;
  /** The words of the command that makes the module again. */
  readonly command: readonly string[];
  readonly backend: Backend;
}
