import type { DiagnosticCode } from "./codes.ts";

/** How much a diagnostic weighs: an `error` ends the run with exit code 2, a `warning` does not. */
export type Severity = "error" | "warning";

/** A place in an input text. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What stands at a place: a part of its line, and how many UTF-16 code units of it come before the place. */
export interface Excerpt {
  readonly text: string;
  readonly caret: number;
}

/** The other place of a conflict, for instance the first of two equal keys. */
export interface RelatedPlace {
  readonly message: string;
  readonly pointer: string;
  readonly position?: Position;
}

/**
 * One fault of an input, as data: rules report it, the CLI prints it.
 *
 * `code` is stable and listed in `codes.ts`; `pointer` is an RFC 6901 JSON Pointer into the input
 * document (`""` is the whole document); `position` is there where the text has one.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** The input's name as the user gave it: a path, `-` for standard input, or a flake reference. */
  readonly file?: string;
  readonly pointer: string;
  readonly position?: Position;
  readonly excerpt?: Excerpt;
  /** What was found and what was expected, one sentence without a full stop. */
  readonly message: string;
  /** What to change, and where. */
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
}
