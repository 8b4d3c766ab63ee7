/** A fault of this program, never of its input: whoever meets it is asked for a bug report. */
export class InternalError extends Error {
  override readonly name = "InternalError";

  constructor(message: string) {
    super(
      `${message}. This is a fault of microvm-sweep: please report it with the input that led to it`,
    );
  }
}
