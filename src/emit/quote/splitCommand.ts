import { isFileText } from "../../diagnostics/internalError.ts";
import { shellCommand } from "./shellCommand.ts";

/** A word as `bashWord` writes it: plain, in single quotes, or as an ANSI-C string. */
const WORD = /\$'((?:[^\\']|\\[\\']|\\[0-7]{3})*)'|'((?:[^']|'\\'')*)'|[^\s'$]+/y;

/** An escape of an ANSI-C string: `\\`, `\'`, or the bytes of characters with three octal digits each. */
const ESCAPE = /\\([\\'])|(?:\\[0-7]{3})+/g;

function ansiText(body: string): string {
  return body.replace(ESCAPE, (match, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted;
    const bytes = match.split("\\").slice(1);
    return new TextDecoder().decode(Uint8Array.from(bytes, (digits) => Number.parseInt(digits, 8)));
  });
}

/**
 * The words of a command line that `shellCommand` has made: its inverse. Nothing where it has not, be it
 * that a shell would read the same words.
 */
export function splitCommand(line: string): readonly string[] | undefined {
  const words: string[] = [];
  WORD.lastIndex = 0;
  for (let match = WORD.exec(line); match !== null; match = WORD.exec(line)) {
    const [plain, ansi, quoted] = match;
    words.push(ansi === undefined ? (quoted?.replaceAll("'\\''", "'") ?? plain) : ansiText(ansi));
    WORD.lastIndex += 1;
  }
  return words.every(isFileText) && shellCommand(words) === line ? words : undefined;
}
