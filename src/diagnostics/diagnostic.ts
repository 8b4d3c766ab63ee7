import type { DiagnosticCode } from "./codes.ts";

/** An `error` ends the run with exit code 2; a `warning` does not. */
export type Severity = "error" | "warning";

/** A place in an input text. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A part of the line at a place. `caret` counts the UTF-16 code units of it before the place. */
export interface Excerpt {
  readonly text: string;
  readonly caret: number;
}

/** The other place of a conflict, for example the first of two equal keys. */
export interface RelatedPlace {
  readonly message: string;
  readonly pointer: string;
  readonly position?: Position;
}

/**
 * One error or warning about an input, as data. The command line prints it.
 *
 * `code` never changes its meaning and is listed in `codes.ts`. `pointer` is a JSON Pointer (RFC 6901)
 * into the input; `""` is the whole input. `position` is missing where the text has no such place.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** Name of the input as the user gave it: a path, `-` for standard input, or a flake reference. */
  readonly file?: string;
  readonly pointer: string;
  readonly position?: Position;
  readonly excerpt?: Excerpt;
  /** What was found and what was expected: one sentence without a full stop. */
  readonly message: string;
  /** What to change, and where. */
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
}

/** Whether a diagnostic ends the run. */
export function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

/** Orders diagnostics by file, line and column, then by pointer and code where there is no line. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.file ?? "", b.file ?? "") ||
    (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
    (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
    compareText(a.pointer, b.pointer) ||
    compareText(a.code, b.code)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
