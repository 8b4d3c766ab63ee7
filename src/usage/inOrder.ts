import { compareDiagnostics } from "../diagnostics/compareDiagnostics.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { LIMITS } from "./limits.ts";

/**
 * The diagnostics of one input sorted by place. Of very many the first are shown and the rest is
 * counted, which the last one says.
 */
export function inOrder(diagnostics: readonly Diagnostic[], file: string): readonly Diagnostic[] {
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
    hint: "mend those above first",
  };
  return [...sorted.slice(0, LIMITS.shown), summary];
}
