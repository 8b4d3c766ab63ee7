import { invariant, isFileText } from "../diagnostics/internalError.ts";

/** Source text of one grammar. A template takes only such texts, so that a raw string does not type-check. */
type Source<Grammar extends string> = string & { readonly grammar: Grammar };

/** One Bash word that expands to exactly one value. */
export type BashWord = Source<"bash word">;
/** A double-quoted Nix string. */
export type NixString = Source<"nix string">;
/** A Nix list of strings. */
export type NixList = Source<"nix list">;
/** Text for a comment line of Nix or Bash. */
export type Comment = Source<"comment">;

const NIX_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Most texts: a fleet has a hundred thousand of them. */
const NOTHING_TO_ESCAPE = /^[A-Za-z0-9 _./:@=,+-]*$/;

/**
 * Writes a double-quoted Nix string that evaluates to exactly `value` (Nix manual, "String literal").
 * Other control characters have no escape in Nix and stay as they are.
 *
 * @throws InternalError for text with NUL or a lone surrogate
 */
export function nixString(value: string): NixString {
  if (NOTHING_TO_ESCAPE.test(value)) return `"${value}"` as NixString;
  invariant(isFileText(value), "Nix has no string for a text");
  const escaped = value
    .replace(/["\\]|\$(?=\{)/g, "\\$&")
    .replace(/[\n\r\t]/g, (character) => NIX_ESCAPES[character] ?? character);
  return `"${escaped}"` as NixString;
}

/**
 * Writes a Nix list of strings in the layout of nixfmt: one item a line where there are several.
 *
 * @param indent the white space at the start of the line that the list begins on
 */
export function nixList(values: readonly string[], indent: string): NixList {
  const items = values.map(nixString);
  if (items.length <= 1) return (items.length === 0 ? "[ ]" : `[ ${items[0]} ]`) as NixList;
  return `[\n${items.map((item) => `${indent}  ${item}\n`).join("")}${indent}]` as NixList;
}

/** Control characters, and what else ends a line somewhere. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/**
 * Writes text for a `#` comment. A line feed or carriage return would end it, so every control
 * character is shown as `\uXXXX`.
 */
export function comment(value: string): Comment {
  return value
    .toWellFormed()
    .replace(
      CONTROL,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ) as Comment;
}

/** Words that need no quotes: Bash gives none of these characters a meaning, wherever the word is. */
const PLAIN = /^[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:@%+,=-]*$/;

/** A control character as `\ooo` for each byte: three digits, so that a digit after it stays a digit. */
function octal(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/**
 * Writes a Bash word that expands to exactly `value` (Bash manual, 3.1.2 "Quoting"), as an argument of a
 * command. It holds no raw control character, so that it can be pasted into a terminal.
 *
 * @throws InternalError for text with NUL or a lone surrogate
 */
export function bashWord(value: string): BashWord {
  invariant(isFileText(value), "Bash has no word for a text");
  if (PLAIN.test(value)) return value as BashWord;
  if (value.search(CONTROL) < 0) return `'${value.replaceAll("'", "'\\''")}'` as BashWord;
  return `$'${value.replace(/[\\']/g, "\\$&").replace(CONTROL, octal)}'` as BashWord;
}

/** Writes a command line on one line, to be pasted into a shell. */
export function shellCommand(words: readonly string[]): string {
  return words.map(bashWord).join(" ");
}
