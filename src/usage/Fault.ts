import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Severity } from "../diagnostics/diagnostic.ts";

/** A place in a document: a JSON pointer, and whether its value or its key is meant. */
export interface Place {
  readonly pointer: string;
  readonly at: "value" | "key";
  /** Where the place starts in the text, in UTF-16 code units: for a key that is there more than once. */
  readonly offset?: number;
}

/** A diagnostic before it is known where in the text its place is. Rules report these. */
export interface Fault extends Place {
  readonly code: DiagnosticCode;
  readonly severity?: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly related?: readonly (Place & { readonly message: string })[];
}
