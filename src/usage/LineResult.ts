import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { HostLine } from "./model.ts";

/** What one line says. */
export interface LineResult {
  /** Its host, where the line has no fault. */
  readonly line?: HostLine;
  /** The name of its host, where that can be told. */
  readonly name?: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Nothing behind this line is worth reading. */
  readonly ends?: boolean;
}
