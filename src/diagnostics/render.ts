import pc from "picocolors";
import type { Diagnostic, Excerpt, Position } from "./diagnostic.ts";

type Colors = ReturnType<typeof pc.createColors>;

/**
 * Renders diagnostics for a terminal: place, code and message on one line, then the excerpt, the JSON
 * pointer, the related places and the hint. Ends with a newline.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  { color }: { readonly color: boolean },
): string {
  const colors = pc.createColors(color);
  return diagnostics.map((diagnostic) => `${renderOne(diagnostic, colors)}\n`).join("");
}

/** Renders diagnostics for programs: a JSON array of `Diagnostic` objects, and a newline. */
export function renderDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify(diagnostics, null, 2)}\n`;
}

function renderOne(diagnostic: Diagnostic, colors: Colors): string {
  const { code, severity, file, pointer, position, excerpt, message, hint, related } = diagnostic;
  const paint = severity === "error" ? colors.red : colors.yellow;
  const name = visible(file ?? "microvm-sweep");
  const lines = [
    `${colors.bold(name + at(position))}: ${paint(`${severity} ${code}`)}: ${visible(message)}`,
    ...(excerpt === undefined ? [] : renderExcerpt(excerpt, colors)),
  ];
  if (pointer !== "") lines.push(`  at ${visible(pointer)}`);
  for (const other of related ?? []) {
    lines.push(`  ${visible(other.message)}: ${name}${at(other.position)}`);
  }
  if (hint !== undefined) lines.push(`  ${colors.cyan("hint:")} ${visible(hint)}`);
  return lines.join("\n");
}

function at(position: Position | undefined): string {
  return position === undefined ? "" : `:${position.line}:${position.column}`;
}

/** Renders the excerpt and a caret below it. Escapes make the text longer, so the caret moves with them. */
function renderExcerpt({ text, caret }: Excerpt, colors: Colors): string[] {
  const before = visible(text.slice(0, caret));
  const rest = visible(text.slice(caret));
  return [`    ${before}${rest}`, `    ${" ".repeat(before.length)}${colors.bold("^")}`];
}

const BEFORE = 30;
const LENGTH = 80;

/** Cuts the part around `offset` out of its line. Nix writes JSON as one long line. */
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

/** Control characters, characters that change the writing direction or have no width, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Replaces characters that could hide or move text on a terminal by their `\u` escapes. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
