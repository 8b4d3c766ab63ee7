import { shellCommand } from "./shellCommand.ts";

/** A word as `bashWord` writes it: plain, in single quotes, or as an ANSI-C string. */
const WORD = /\$'((?:[^\\']|\\[\\']|\\[0-7]{3})*)'|'((?:[^']|'\\'')*)'|[^\s'$]+/y;

/** The text of an ANSI-C string, whose escapes are `\\`, `\'` and three octal digits a byte. */
function ansiText(body: string): string {
  const bytes = body.replace(/(?:\\[0-7]{3})+/g, (run) => {
    const codes = run.split("\\").slice(1);
    return new TextDecoder().decode(Uint8Array.from(codes, (code) => Number.parseInt(code, 8)));
  });
  return bytes.replace(/\\([\\'])/g, "$1");
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
  return shellCommand(words) === line ? words : undefined;
}
