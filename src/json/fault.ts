import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Severity } from "../diagnostics/diagnostic.ts";

/** A place in a JSON document: a JSON Pointer, and whether the key or the value there is wrong. */
export interface Place {
  readonly pointer: string;
  readonly at: "value" | "key";
  /** Offset of the place in the text, in UTF-16 code units. Tells two equal keys apart. */
  readonly offset?: number;
}

/**
 * An error or warning about a JSON document, before its line and column are known. Checks report
 * faults, and `locateFaults` makes diagnostics of them.
 */
export interface Fault extends Place {
  readonly code: DiagnosticCode;
  /** Default: `error`. */
  readonly severity?: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly related?: readonly (Place & { readonly message: string })[];
}

/** Makes a JSON Pointer (RFC 6901) of a path from the root of a document. */
export function pointer(path: readonly (string | number)[]): string {
  return path
    .map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

/**
 * Returns the record that `value` has under `key`, or an empty one where it has none. Lets a check
 * walk a document whose shape may be wrong.
 */
export function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const record: unknown = Object(value)[key];
  const isRecord = typeof record === "object" && record !== null && !Array.isArray(record);
  return isRecord ? (record as Readonly<Record<string, unknown>>) : {};
}
