import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** The one gate of `--warnings-as-errors`: with it every warning is an error. */
export function withSeverity(
  diagnostics: readonly Diagnostic[],
  warningsAsErrors: boolean,
): readonly Diagnostic[] {
  if (!warningsAsErrors) return diagnostics;
  return diagnostics.map((diagnostic) => ({ ...diagnostic, severity: "error" }));
}
