import { invariant, isFileText } from "../../diagnostics/internalError.ts";
import type { NixIndented } from "./brands.ts";

/**
 * Two single quotes are `'''`. One left over stays itself, but not right before another escape, which
 * would then start one quote too early: there it is `''\'`.
 */
function escapeQuotes(run: string, escapeFollows: boolean): string {
  const pairs = "'''".repeat(Math.floor(run.length / 2));
  if (run.length % 2 === 0) return pairs;
  return pairs + (escapeFollows ? "''\\'" : "'");
}

/**
 * Lines for the inside of an indented Nix string, `''…''`, that evaluate to exactly `text` (Nix manual,
 * "String literal"), each behind `indent` but the empty ones.
 *
 * What stands around it sees to two things: the closing quotes are on a line of their own, and some
 * line starts at column 0 of the text, since Nix takes away the indentation that all lines share.
 *
 * @throws InternalError for text with NUL or a lone surrogate
 */
export function nixIndentedString(text: string, indent: string): NixIndented {
  invariant(isFileText(text), "text that Nix cannot hold was to be quoted");
  const escaped = text
    .replace(/('+)(\$\{|\r)?/g, (_all, run: string, next: string | undefined) => {
      return escapeQuotes(run, next !== undefined) + (next ?? "");
    })
    .replaceAll("${", "''${")
    .replaceAll("\r", "''\\r");
  // Not the flag m: its ^ also matches after U+2028, which ends no line in Nix.
  return escaped.replace(/(^|\n)(?=[^\n])/g, `$1${indent}`) as NixIndented;
}
