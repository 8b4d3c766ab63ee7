import type { Excerpt } from "./diagnostic.ts";

const BEFORE = 30;
const LENGTH = 80;

/** The part of its line that is around the place at `offset` of a text: nix writes JSON as one long line. */
export function excerptAt(text: string, offset: number): Excerpt {
  const lineStart = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  const nextLine = text.indexOf("\n", offset);
  const lineEnd = nextLine < 0 ? text.length : nextLine;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, offset).slice(0, LENGTH))?.[0].length ?? 0;
  const start = Math.max(lineStart + indent, offset - BEFORE);
  const end = Math.min(lineEnd, start + LENGTH);
  const before = start > lineStart + indent ? "…" : "";
  const after = end < lineEnd ? "…" : "";
  const shown = text.slice(start, end).trimEnd();
  return { text: before + shown + after, caret: before.length + offset - start };
}
