import { readFile } from "node:fs/promises";
import pc from "picocolors";
import { visible } from "../../diagnostics/render.ts";
import { programText } from "../../emit/program.ts";
import { shellCommand } from "../../emit/quote/shellCommand.ts";
import { compile } from "../compile.ts";
import { argumentFailure, EXIT, fileFailure, systemCode } from "../failure.ts";
import type { Messages } from "../messages.ts";
import type { CompileArguments } from "../options.ts";
import { printResult, programBeside } from "../output.ts";

/** The command line of `check`. */
export interface CheckArguments extends CompileArguments {
  readonly path?: string;
  readonly file?: string;
}

/** A file to check, and what it should hold. */
interface CheckedFile {
  readonly file: string;
  /** Nothing where there is no such file. */
  readonly current: string | undefined;
  readonly expected: string;
}

/** The file that the command line names, as an argument or with `--file`. */
function namedFile({ path, file }: CheckArguments): string {
  if (path !== undefined && file !== undefined) {
    throw argumentFailure(`two files are given, ${path} and ${file}: check takes one`);
  }
  const named = path ?? file ?? "";
  if (named === "") throw argumentFailure("check needs the name of the generated file");
  return named;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw fileFailure("MS3002", file, error);
  }
}

/** The line of a page that names the command which makes it again. */
const COMMAND_LINE = /^# {3}microvm-sweep gen.*$/m;

/**
 * The expected page with the command line of the current one. That line says where a page came from and
 * not what it does: it differs where `check` reads a usage document and `gen` evaluated a flake.
 */
function withCommandOf(current: string | undefined, expected: string): string {
  const line = COMMAND_LINE.exec(current ?? "")?.[0];
  return line === undefined ? expected : expected.replace(COMMAND_LINE, () => line);
}

async function filesToCheck(
  args: CheckArguments,
  file: string,
  text: string,
): Promise<[CheckedFile, ...CheckedFile[]]> {
  const current = await readIfThere(file);
  if (args.format === "script") return [{ file, current, expected: text }];
  const program = await programBeside(file);
  return [
    { file, current, expected: withCommandOf(current, text) },
    { file: program, current: await readIfThere(program), expected: programText() },
  ];
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
async function printDiff(checked: CheckedFile, { color }: Messages): Promise<void> {
  const { createTwoFilesPatch } = await import("diff");
  const { file, current = "", expected } = checked;
  const terminal = process.stdout.isTTY === true;
  const colors = pc.createColors(color && terminal);
  const patch = createTwoFilesPatch(file, `${file} (as generated now)`, current, expected);
  const lines = patch.replace(RULE, "").split("\n");
  const shown = lines.map((line) => colored(terminal ? visible(line) : line, colors));
  await printResult(shown.join("\n"));
}

/** What to do about a stale file. A page names the command that was used for it. */
function remedy({ file, current }: CheckedFile, command: readonly string[]): string {
  return COMMAND_LINE.test(current ?? "")
    ? `to make it again, run the command at the top of ${file}`
    : `to make it again, run: ${shellCommand(command)}`;
}

/** Runs `check`: compares a generated file, and the program beside it, with what `gen` would write. */
export async function check(args: CheckArguments, messages: Messages): Promise<number> {
  const file = namedFile(args);
  const { text, command } = await compile(args, file, messages);
  const [page, ...others] = await filesToCheck(args, file, text);
  const stale = [page, ...others].filter(({ current, expected }) => current !== expected);
  if (stale.length === 0) {
    messages.note(`${file} is up to date`);
    return EXIT.done;
  }
  for (const one of stale) {
    const state = one.current === undefined ? "does not exist" : "is out of date";
    messages.note(`${one.file} ${state}`);
    await printDiff(one, messages);
  }
  // After the diff, because a failed build shows the last lines of its log.
  messages.note(remedy(page, command));
  return EXIT.difference;
}
