/** A bug of microvm-sweep. No input should cause it, so its message asks for a bug report. */
export class InternalError extends Error {
  override readonly name = "InternalError";

  constructor(message: string) {
    super(
      `${message}. This is a bug of microvm-sweep: please report it with the input that caused it`,
    );
  }
}

/** Checks what must hold whatever the input is. @throws InternalError */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}

/**
 * Whether a text fits into a file name, a script and a process argument: it has no NUL character and no
 * lone surrogate. Inputs with other texts are refused, so what is written only needs the invariant.
 */
export function isFileText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
