import type { NixComment } from "./brands.ts";

/**
 * Text for a `#` comment, which ends at a line feed or carriage return (Nix manual, "Comments"). All
 * characters that end a line anywhere, and all other control characters, are shown as `\uXXXX`.
 */
export function nixComment(value: string): NixComment {
  return value
    .toWellFormed()
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ) as NixComment;
}
