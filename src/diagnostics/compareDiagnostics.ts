import type { Diagnostic } from "./diagnostic.ts";

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Orders diagnostics by place: file, line, column, then pointer and code where there is no line. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.file ?? "", b.file ?? "") ||
    (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
    (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
    compareText(a.pointer, b.pointer) ||
    compareText(a.code, b.code)
  );
}
