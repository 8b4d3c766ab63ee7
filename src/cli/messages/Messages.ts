import type { Diagnostic } from "../../diagnostics/diagnostic.ts";

/** What a command says to its user, all of it on standard error. */
export interface Messages {
  /** Something worth knowing that is no fault; silent where quiet was asked for. */
  note(text: string): void;
  /** Faults, all in one go. */
  report(diagnostics: readonly Diagnostic[]): void;
  /**
   * Runs work that takes a while under the name `text`. The work gets a function that passes on what
   * an outside command says, unchanged.
   */
  during<T>(text: string, work: (pass: (chunk: Uint8Array) => void) => Promise<T>): Promise<T>;
}
