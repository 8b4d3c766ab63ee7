import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { argumentFailure, EXIT, fileFailure, systemCode } from "../../diagnostics/failure.ts";
import { commandOf, policyOfPage, recognize } from "../../page/emitPage.ts";
import { PROGRAM_DIRECTORY, programFiles } from "../../page/program.ts";
import { type CheckedFile, printDiff } from "../diff.ts";
import { compileOne } from "../input.ts";
import type { Messages } from "../messages.ts";
import { type CheckArguments, remedy } from "../options.ts";
import { pageFile } from "../output.ts";
import { checkFleet } from "./checkFleet.ts";

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

/** The files of the program beside a page, and what each should hold. */
async function programBeside(page: string): Promise<readonly CheckedFile[]> {
  const directory = join(dirname(await pageFile(page)), PROGRAM_DIRECTORY);
  const files = [...programFiles()].map(async ([name, expected]) => {
    const file = join(directory, name);
    return { file, current: await readIfThere(file), expected };
  });
  return Promise.all(files);
}

/** The policy of a page that nobody edited, where it is another than that of the expected page. */
function otherPolicy(page: string, expected: string): readonly string[] | undefined {
  const { kind, isEdited } = recognize(page);
  const [its, ours] = [policyOfPage(page), policyOfPage(expected)];
  const isOther = kind === "page" && !isEdited && its.join("\n") !== ours.join("\n");
  return isOther ? its : undefined;
}

function policyNote(file: string, policy: readonly string[]): string {
  const made = policy.length === 0 ? "the default policy" : `the policy ${policy.join(" ")}`;
  return `${file} was made with ${made}, and this check has another: give both the same (in a flake: policy = { … })`;
}

/**
 * Runs `check`: compares a page, and the program beside it, with what `gen` would write. The command of the page
 * says where it came from and not what it does: it may differ, as where `check` reads a usage document and `gen`
 * evaluated a flake.
 */
export async function check(args: CheckArguments, messages: Messages): Promise<number> {
  const file = namedFile(args);
  if (args.all === true) return checkFleet(args, file, messages);
  const current = await readIfThere(file);
  const compiled = await compileOne(args, file, messages, commandOf(current ?? ""));
  const files = [{ file, current, expected: compiled.page }, ...(await programBeside(file))];
  const stale = files.filter((one) => one.current !== one.expected);
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
  const policy = otherPolicy(current ?? "", compiled.page);
  if (policy !== undefined) messages.note(policyNote(file, policy));
  messages.note(remedy(compiled.command));
  return EXIT.difference;
}
