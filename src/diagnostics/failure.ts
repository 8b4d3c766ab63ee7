import { constants } from "node:os";
import type { DiagnosticCode } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";

/**
 * The exit statuses (docs/design.md, "Shape of the code"). A run that a signal ends exits with 128 and the
 * number of the signal, as a shell reports it.
 */
export const EXIT = {
  done: 0,
  /** `check` found that a file is not what `gen` would write now. */
  difference: 1,
  /** Bad input or arguments, or an output that cannot be written. */
  input: 2,
  /** An outside command, such as nix, is missing or failed. */
  command: 3,
  /** A bug in this program: EX_SOFTWARE of sysexits.h, which no script takes for one of the above. */
  internal: 70,
} as const;

/** The signals that end a run which has something to clear up first. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal ended the run, and what it had started. */
export class Interruption extends Error {
  /** 128 and the number of the signal, as a shell reports it. */
  readonly exitCode: number;

  constructor(signal: (typeof SIGNALS)[number]) {
    super(`ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Ends a command with errors for the user and an exit status. Never a bug in this program. */
export class Failure extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly exitCode: number;

  constructor(diagnostics: readonly Diagnostic[], exitCode: number) {
    super(diagnostics.map(({ message }) => message).join("\n"));
    this.diagnostics = diagnostics;
    this.exitCode = exitCode;
  }
}

/** An error of the command line; `hint` says what to write instead. */
export function argumentFailure(message: string, hint?: string): Failure {
  const error = { code: "MS3001", severity: "error", pointer: "", message } as const;
  return new Failure([hint === undefined ? error : { ...error, hint }], EXIT.input);
}

/** Explains the errors that users meet; others keep the words of the operating system. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  ELOOP: "symbolic links lead in a circle",
  EEXIST: "it is no directory",
  EISDIR: "it is a directory",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on the device",
  ENOTDIR: "it, or a part of its path, is not a directory",
  EROFS: "the file system is read-only",
};

/** The code of an error of the operating system, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error && "code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * The failure for a file that cannot be read (`MS3002`) or written (`MS3003`). An error that does not
 * come from the operating system is a bug: it is thrown again.
 */
export function fileFailure(
  code: Extract<DiagnosticCode, "MS3002" | "MS3003">,
  file: string,
  error: unknown,
): Failure {
  const reason = systemCode(error);
  if (reason === undefined) throw error;
  const verb = code === "MS3002" ? "read" : "written";
  const message = `cannot be ${verb}: ${REASONS[reason] ?? (error as Error).message}`;
  return new Failure([{ code, severity: "error", file, pointer: "", message }], EXIT.input);
}
