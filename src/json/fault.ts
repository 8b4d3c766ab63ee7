import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Severity } from "../diagnostics/diagnostic.ts";
import { compareDiagnostics, type Diagnostic, isError } from "../diagnostics/diagnostic.ts";

/** A place in a JSON document: a JSON Pointer, and whether the key or the value there is wrong. */
export interface Place {
  readonly pointer: string;
  readonly at: "value" | "key";
}

/**
 * An error or warning about a JSON document, before its line and column are known. Checks report
 * faults, and `JsonText.locate` makes diagnostics of them.
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

/** Bounds for every input. An input that exceeds one gets a message instead of exhausting memory. */
export const LIMITS = {
  /**
   * Bytes in memory at once: a document, or one line of JSON Lines. 2,000 hosts with 50 MicroVMs each
   * take 9 to 15 MiB as nix eval writes them, and 21 MiB indented.
   */
  bytes: 24 * 1024 * 1024,
  /** Words and signs of a text that is read again for places: each takes up to 100 bytes then. */
  tokens: 8_000_000,
  /** Levels of nesting of such a text. A usage document has five. The reader recurses this deep. */
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
  const hidden = sorted.slice(LIMITS.shown);
  const summary: Diagnostic = {
    code: "MS1013",
    severity: hidden.some(isError) ? "error" : "warning",
    file,
    pointer: "",
    message: `and ${atLeast}${more} more`,
    hint: "fix those above first",
  };
  return [...sorted.slice(0, LIMITS.shown), summary];
}
