import { compareDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Fault } from "./fault.ts";

/** Bounds for every input. An input that exceeds one gets a message instead of exhausting memory. */
export const LIMITS = {
  /**
   * Bytes in memory at once: a document, or one line of JSON Lines. 2,000 hosts with 50 MicroVMs each
   * take 9 to 15 MiB as nix eval writes them, and 21 MiB indented. The bound is this low because
   * jsonc-parser creates an object for each blank: blanks take sixty times their size.
   */
  bytes: 24 * 1024 * 1024,
  /** Values in an input. A value takes many times the memory of its text. A VM has four. */
  values: 4_000_000,
  /** Levels of nesting. A usage document has five. Code that walks a value recurses this deep. */
  depth: 64,
  /** Faults that are looked for. Each costs a search for its place. */
  faults: 1000,
  /** Diagnostics that are shown. The others are counted. */
  shown: 100,
} as const;

/** Takes the first faults, up to the limit. A generator computes no others. */
export function firstFaults(faults: Iterable<Fault>): Fault[] {
  const first: Fault[] = [];
  for (const fault of faults) {
    first.push(fault);
    if (first.length >= LIMITS.faults) break;
  }
  return first;
}

/**
 * Sorts the diagnostics of one input by place. Where there are very many it keeps the first ones and
 * adds one that says how many others there are.
 */
export function sortAndLimit(
  diagnostics: readonly Diagnostic[],
  file: string,
): readonly Diagnostic[] {
  const sorted = [...diagnostics].sort(compareDiagnostics);
  const more = sorted.length - LIMITS.shown;
  if (more <= 0) return sorted;
  const atLeast = sorted.length >= LIMITS.faults ? "at least " : "";
  const summary: Diagnostic = {
    code: "MS1013",
    severity: "error",
    file,
    pointer: "",
    message: `and ${atLeast}${more} more`,
    hint: "fix those above first",
  };
  return [...sorted.slice(0, LIMITS.shown), summary];
}
