import pc from "picocolors";
import type { Diagnostic, Position } from "./diagnostic.ts";

function at(position: Position | undefined): string {
  return position === undefined ? "" : `:${position.line}:${position.column}`;
}

/** Control characters of an input must not reach a terminal as such. */
function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function renderOne(diagnostic: Diagnostic, colors: ReturnType<typeof pc.createColors>): string {
  const { code, severity, file, pointer, position, message, hint, related } = diagnostic;
  const paint = severity === "error" ? colors.red : colors.yellow;
  const name = visible(file ?? "microvm-sweep");
  const lines = [
    `${colors.bold(name + at(position))}: ${paint(`${severity} ${code}`)}: ${visible(message)}`,
  ];
  if (pointer !== "") lines.push(`  at ${visible(pointer)}`);
  for (const other of related ?? []) {
    lines.push(`  ${visible(other.message)}: ${name}${at(other.position)}`);
  }
  if (hint !== undefined) lines.push(`  ${colors.cyan("hint:")} ${visible(hint)}`);
  return lines.join("\n");
}

/**
 * Diagnostics as a person reads them on a terminal: place, code and message on one line, then the
 * JSON pointer, the other places and the hint. Ends with a newline.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  { color }: { readonly color: boolean },
): string {
  const colors = pc.createColors(color);
  return diagnostics.map((diagnostic) => `${renderOne(diagnostic, colors)}\n`).join("");
}
