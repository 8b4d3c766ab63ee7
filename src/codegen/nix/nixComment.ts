import type { NixText } from "./indent.ts";

const WIDTH = 90;

/** The first sentence of a doc comment as comment lines of Nix. */
export function nixComment(documentation: string): NixText {
  const words = documentation.replace(/\s+/gu, " ");
  const sentence = /^.*?\.(?= |$)/u.exec(words)?.[0] ?? words;
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
