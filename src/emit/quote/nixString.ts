import { invariant, isFileText } from "../../diagnostics/internalError.ts";
import type { NixString } from "./brands.ts";

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A double-quoted Nix string that evaluates to exactly `value` (Nix manual, "String literal"). Other
 * control characters have no escape in Nix and stay as they are.
 *
 * @throws InternalError for text with NUL or a lone surrogate
 */
export function nixString(value: string): NixString {
  invariant(isFileText(value), "text that Nix cannot hold was to be quoted");
  const escaped = value
    .replace(/["\\]|\$(?=\{)/g, "\\$&")
    .replace(/[\n\r\t]/g, (character) => ESCAPES[character] ?? character);
  return `"${escaped}"` as NixString;
}
