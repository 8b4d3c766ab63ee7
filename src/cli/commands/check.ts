import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import pc from "picocolors";
import { visible } from "../../diagnostics/render.ts";
import { commandOf, emitPage, policyOfPage, recognize } from "../../page/emitPage.ts";
import { PROGRAM_DIRECTORY, programFiles } from "../../page/program.ts";
import { argumentFailure, EXIT, fileFailure, systemCode } from "../failure.ts";
import { type Compiled, compile } from "../input.ts";
import type { Messages } from "../messages.ts";
import { type CompileArguments, remedy } from "../options.ts";
import { pageFile, printResult } from "../output.ts";
import { checkFleet } from "./checkFleet.ts";

/** The command line of `check`. */
export interface CheckArguments extends CompileArguments {
  readonly path?: string;
  readonly file?: string;
  readonly diff?: boolean;
}

/** A file to check, and what it should hold. */
export interface CheckedFile {
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
  if (named === "")
    throw argumentFailure(
      "check needs the name of the generated file, or with --all of the directory",
    );
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

/** The files to check, and what makes them again. */
interface Comparison {
  readonly files: readonly CheckedFile[];
  readonly command: string;
  /** The policy of the page, where it is another than that of this command line. */
  readonly otherPolicy: readonly string[] | undefined;
}

/**
 * Compares a page with one that names the same command: the command says where a page came from and not
 * what it does, and differs where `check` reads a usage document and `gen` evaluated a flake.
 */
async function comparePage(file: string, { sweep, ...own }: Compiled): Promise<Comparison> {
  const current = await readIfThere(file);
  const command = commandOf(current ?? "");
  const program = join(dirname(await pageFile(file)), PROGRAM_DIRECTORY);
  const expected = command === undefined ? own.text : emitPage(sweep, { command });
  const files: CheckedFile[] = [{ file, current, expected }];
  for (const [name, text] of programFiles()) {
    const part = join(program, name);
    files.push({ file: part, current: await readIfThere(part), expected: text });
  }
  return {
    files,
    command: command ?? own.command,
    otherPolicy: otherPolicy(current ?? "", expected),
  };
}

/** The policy of a page that nobody edited, where it is another than that of the expected page. */
export function otherPolicy(page: string, expected: string): readonly string[] | undefined {
  const { kind, isEdited } = recognize(page);
  const [its, ours] = [policyOfPage(page), policyOfPage(expected)];
  const isOther = kind === "page" && !isEdited && its.join("\n") !== ours.join("\n");
  return isOther ? its : undefined;
}

function policyNote(file: string, policy: readonly string[]): string {
  const made = policy.length === 0 ? "the default policy" : `the policy ${policy.join(" ")}`;
  return `${file} was made with ${made}, and this check has another: give both the same (in a flake: policy = { … })`;
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

/** Runs `check`: compares a generated file, and the program beside it, with what `gen` would write. */
export async function check(args: CheckArguments, messages: Messages): Promise<number> {
  const file = namedFile(args);
  if (args.all === true) return checkFleet(args, file, messages);
  const compiled = await compile(args, file, messages);
  const { files, command, otherPolicy } = await comparePage(file, compiled);
  const stale = files.filter(({ current, expected }) => current !== expected);
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
  if (otherPolicy !== undefined) messages.note(policyNote(file, otherPolicy));
  messages.note(remedy(command));
  return EXIT.difference;
}
