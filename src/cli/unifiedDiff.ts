import { createTwoFilesPatch } from "diff";
import pc from "picocolors";
import { visible } from "../diagnostics/render.ts";

const RULE = /^={10,}\n/;

/** Colours a line of a diff by what it starts with. */
function painted(line: string, colors: ReturnType<typeof pc.createColors>): string {
  if (line.startsWith("+++") || line.startsWith("---")) return colors.bold(line);
  if (line.startsWith("@@")) return colors.cyan(line);
  if (line.startsWith("+")) return colors.green(line);
  return line.startsWith("-") ? colors.red(line) : line;
}

/** How a diff is shown. */
export interface DiffStyle {
  /** Whether for a terminal: what would move something there is shown as text. */
  readonly terminal: boolean;
  readonly color: boolean;
}

/**
 * The unified diff from what `file` holds to what would be generated, in a form that patch(1) takes
 * unless it is for a terminal; empty where they are equal.
 */
export function unifiedDiff(
  file: string,
  current: string,
  expected: string,
  { terminal, color }: DiffStyle,
): string {
  if (current === expected) return "";
  const patch = createTwoFilesPatch(file, `${file} (as generated now)`, current, expected);
  const colors = pc.createColors(color);
  return patch
    .replace(RULE, "")
    .split("\n")
    .map((line) => painted(terminal ? visible(line) : line, colors))
    .join("\n");
}
