import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** Ends a command: what to tell the user, and the exit status. Never a fault of this program. */
export class CliFailure extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly exitCode: number;

  constructor(diagnostics: readonly Diagnostic[], exitCode: number) {
    super(diagnostics.map(({ message }) => message).join("\n"));
    this.diagnostics = diagnostics;
    this.exitCode = exitCode;
  }
}
