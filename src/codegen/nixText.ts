import { nixString } from "../emit/quote.ts";

/** Lines of Nix, without the indentation of the place they end up in. */
export type NixText = readonly string[];

const COMMENT_WIDTH = 90;

/** Indents lines by one level. Empty lines stay empty. */
export function indent(lines: NixText): NixText {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}

/** Makes comment lines of the first sentence of a doc comment. */
export function nixComment(documentation: string): NixText {
  const words = documentation.replace(/\s+/gu, " ");
  const sentence = /^.*?\.(?= |$)/u.exec(words)?.[0] ?? words;
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > COMMENT_WIDTH) {
      lines.push(`# ${word}`);
    } else {
      lines[lines.length - 1] = `${last} ${word}`;
    }
  }
  return lines;
}

/** Writes a JSON value as a Nix literal, on one line in the layout of nixfmt. */
export function nixLiteral(value: unknown): string {
  if (typeof value === "string") return nixString(value);
  if (value === null || typeof value === "boolean" || Number.isSafeInteger(value)) {
    return String(value);
  }
  if (Array.isArray(value)) return ["[", ...value.map(nixLiteral), "]"].join(" ");
  if (typeof value === "object") {
    const bindings = Object.entries(value as object).map(
      ([key, of]) => `${nixString(key)} = ${nixLiteral(of)};`,
    );
    return ["{", ...bindings, "}"].join(" ");
  }
  throw new Error(`${String(value)} has no Nix literal`);
}
