import type { INPUT_KINDS } from "./inputKinds.ts";

/** What is known of a text beside its content, for messages about it. */
export interface TextOrigin {
  /** The input's name as the user gave it. */
  readonly file: string;
  /** The number of the line of `file` that the text starts on. */
  readonly firstLine: number;
  /** How many bytes of `file` come before the text. */
  readonly firstByte: number;
  readonly kind: keyof typeof INPUT_KINDS;
}
