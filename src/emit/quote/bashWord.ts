import { invariant, isFileText } from "../../diagnostics/internalError.ts";
import type { BashWord } from "./brands.ts";

/** Words that need no quotes wherever a word stands: none of these is special to Bash, at any place. */
const PLAIN = /^[A-Za-z0-9_./:@%+,-]+$/;
/** Control characters, and what ends a line somewhere: a comment could not show them as they are. */
const CONTROL = /[\u0001-\u001f\u007f-\u009f\u2028\u2029]/g;

/** A control character as `\ooo` a byte: always three digits, so that a digit behind it stays one. */
function octal(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/**
 * A Bash word that expands to exactly `value`, as an argument, an array element or the value of an
 * assignment (Bash manual, 3.1.2 "Quoting"). It holds no raw control character: where `value` has one
 * it is an ANSI-C string, `$'…'`, else a single-quoted one where it needs quotes.
 *
 * @throws InternalError for what no Bash word can be: text with NUL or a lone surrogate
 */
export function bashWord(value: string): BashWord {
  invariant(isFileText(value), "text that Bash cannot hold was to be quoted");
  if (PLAIN.test(value)) return value as BashWord;
  if (value.search(CONTROL) < 0) return `'${value.replaceAll("'", "'\\''")}'` as BashWord;
  return `$'${value.replace(/[\\']/g, "\\$&").replace(CONTROL, octal)}'` as BashWord;
}
