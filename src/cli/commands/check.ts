import { readFile } from "node:fs/promises";
import type { Argv } from "yargs";
import { argumentFault } from "../argumentFault.ts";
import { compile } from "../compile.ts";
import { examples } from "../examples.ts";
import { EXIT } from "../exitCode.ts";
import { expectedOf } from "../expectedOf.ts";
import { fileFault } from "../fileFault.ts";
import type { GenArguments } from "../options/GenArguments.ts";
import { inputOptions } from "../options/inputOptions.ts";
import { outputOptions } from "../options/outputOptions.ts";
import { policyOptions } from "../options/policyOptions.ts";
import { printResult } from "../printResult.ts";
import { singleValues } from "../singleValues.ts";
import { unifiedDiff } from "../unifiedDiff.ts";
import type { Invocation } from "./Invocation.ts";

interface CheckArguments extends GenArguments {
  readonly path?: string;
  readonly file?: string;
}

const file = {
  type: "string",
  requiresArg: true,
  group: "Input:",
  describe: "the generated file, in place of the argument",
} as const;

const EXAMPLE = "$0 check microvm-sweep.nix --flake .#hyp-01";

function build(parser: Argv) {
  return parser
    .positional("path", { type: "string", describe: "the generated file" })
    .options({ file, ...inputOptions, ...outputOptions, ...policyOptions })
    .usage("$0 check FILE (--flake REF | --usage FILE) [--host NAME] [-- NIX OPTIONS]")
    .example(examples({ "prints a diff and exits with 1 if the file is stale": EXAMPLE }))
    .check(singleValues);
}

/** The one generated file that the command line names, as a positional or with `--file`. */
function fileOf({ path, file }: CheckArguments): string {
  if (path !== undefined && file !== undefined) {
    throw argumentFault(`two files are given, ${path} and ${file}: check takes one`);
  }
  const given = path ?? file ?? "";
  if (given === "") throw argumentFault("check needs the name of the generated file");
  return given;
}

/** What the file holds; nothing where there is none. */
async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw fileFault("MS3002", file, error);
  }
}

/** `check`: compares a generated file with what `gen` would write now. Never writes. */
export function check(parser: Argv, invocation: Invocation): Argv {
  const { messages, settings } = invocation;
  return parser.command("check [path]", "compare a generated file", build, async (argv) => {
    const args = argv as unknown as CheckArguments;
    const file = fileOf(args);
    const current = await read(file);
    const compiled = await compile(args, file, invocation);
    const { text, remedy } = expectedOf(compiled, args, current ?? "");
    if (current === text) return messages.note(`${file} is up to date`);
    invocation.exitCode = EXIT.difference;
    messages.note(current === undefined ? `${file} does not exist` : `${file} is out of date`);
    const terminal = process.stdout.isTTY === true;
    const style = { terminal, color: settings.color && terminal };
    await printResult(unifiedDiff(file, current ?? "", text, style));
    // After the diff: it is what the last lines of a build's log show.
    if (remedy !== undefined) messages.note(`to make it again, run: ${remedy}`);
  });
}
