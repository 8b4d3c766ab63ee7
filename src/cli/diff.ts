import pc from "picocolors";
import { visible } from "../diagnostics/render.ts";
import type { Messages } from "./messages.ts";
import { printResult } from "./output.ts";

/** A file to check, and what it should hold. */
export interface CheckedFile {
  readonly file: string;
  /** Nothing where there is no such file. */
  readonly current: string | undefined;
  readonly expected: string;
}

type Colors = ReturnType<typeof pc.createColors>;

/** Colours a line of a diff by its first characters. */
function colored(line: string, colors: Colors): string {
  if (line.startsWith("+++") || line.startsWith("---")) return colors.bold(line);
  if (line.startsWith("@@")) return colors.cyan(line);
  if (line.startsWith("+")) return colors.green(line);
  return line.startsWith("-") ? colors.red(line) : line;
}

/** The line of `=` that the package puts above a patch. */
const RULE = /^={10,}\n/;

/**
 * Prints the unified diff from what a file holds to what it should hold, in a form that patch(1) takes. On
 * a terminal it is coloured, and control characters are shown as text.
 */
export async function printDiff(checked: CheckedFile, { color }: Messages): Promise<void> {
  const { createTwoFilesPatch } = await import("diff");
  const { file, current = "", expected } = checked;
  const terminal = process.stdout.isTTY === true;
  const colors = pc.createColors(color && terminal);
  const patch = createTwoFilesPatch(file, `${file} (as generated now)`, current, expected);
  const lines = patch.replace(RULE, "").split("\n");
  const shown = lines.map((line) => colored(terminal ? visible(line) : line, colors));
  await printResult(shown.join("\n"));
}
