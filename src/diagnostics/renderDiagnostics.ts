import pc from "picocolors";
import type { Diagnostic, Excerpt, Position } from "./diagnostic.ts";
import { visible } from "./visible.ts";

type Colors = ReturnType<typeof pc.createColors>;

function at(position: Position | undefined): string {
  return position === undefined ? "" : `:${position.line}:${position.column}`;
}

/** The text at the place, and below it a caret: under the same character even where some are escaped. */
function renderExcerpt({ text, caret }: Excerpt, colors: Colors): string[] {
  const before = visible(text.slice(0, caret));
  const rest = visible(text.slice(caret));
  return [`    ${before}${rest}`, `    ${" ".repeat(before.length)}${colors.bold("^")}`];
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

/**
 * Diagnostics as a person reads them on a terminal: place, code and message on one line, then what
 * stands there, the JSON pointer, the other places and the hint. Ends with a newline.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  { color }: { readonly color: boolean },
): string {
  const colors = pc.createColors(color);
  return diagnostics.map((diagnostic) => `${renderOne(diagnostic, colors)}\n`).join("");
}
