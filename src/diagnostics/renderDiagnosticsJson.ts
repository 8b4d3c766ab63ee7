import type { Diagnostic } from "./diagnostic.ts";

/** Diagnostics for a program to read: a JSON array of the objects of `diagnostic.ts`, and a newline. */
export function renderDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify(diagnostics, null, 2)}\n`;
}
