import { constants } from "node:os";

/** The signals that end a run that waits for nix. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal ended the run, and nix with it. */
export class Interruption extends Error {
  /** 128 and the number of the signal, as a shell reports it. */
  readonly exitCode: number;

  constructor(signal: (typeof SIGNALS)[number]) {
    super(`ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Nix is missing, too old, or failed. Where it failed, it has written its own error to the user. */
export class NixFailure extends Error {
  readonly kind: "missing" | "too-old" | "failed";
  /** What the user may write instead. */
  readonly hint: string | undefined;

  constructor(kind: NixFailure["kind"], message: string, hint?: string) {
    super(message);
    this.kind = kind;
    this.hint = hint;
  }
}
