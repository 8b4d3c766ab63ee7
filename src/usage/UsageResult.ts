import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "./model.ts";

/** The host that was wanted, where the document names it and has no fault; and every fault. */
export interface UsageResult {
  readonly host?: { readonly name: string; readonly host: Host };
  readonly diagnostics: readonly Diagnostic[];
}
