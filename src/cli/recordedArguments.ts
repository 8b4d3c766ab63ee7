import { isDeepStrictEqual } from "node:util";
import yargs from "yargs";
import { splitCommand } from "../emit/quote/splitCommand.ts";
import { inheritedOption } from "./inheritedOption.ts";
import type { GenArguments } from "./options/GenArguments.ts";
import { genOptions } from "./options/genOptions.ts";
import { PARSER_CONFIGURATION } from "./parserConfiguration.ts";
import { recordedCommand } from "./recordedCommand.ts";
import { singleValues } from "./singleValues.ts";

function refuse(message: string): never {
  throw new Error(message);
}

/** Where the header of a module has the command that makes it again (templates/module.hbs). */
const COMMAND_LINE = 3;
const COMMAND_PREFIX = "#   ";

/** What a command line of `gen` comes to. */
export type RecordedArguments = GenArguments & { readonly out: string };

function commandOf(module: string): string {
  const line = module.split("\n", COMMAND_LINE + 1)[COMMAND_LINE] ?? "";
  return line.startsWith(COMMAND_PREFIX) ? line.slice(COMMAND_PREFIX.length) : "";
}

/** Nothing where `gen` would refuse these words. */
function parse(words: readonly string[]): RecordedArguments | undefined {
  if (inheritedOption(words) !== undefined) return undefined;
  const parser = yargs()
    .parserConfiguration(PARSER_CONFIGURATION)
    .options(genOptions)
    .strict()
    .check(singleValues)
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail(refuse);
  try {
    return parser.parseSync([...words]) as unknown as RecordedArguments;
  } catch {
    return undefined;
  }
}

/**
 * The arguments of the command that the header of a module names. A hand may have been there: nothing
 * where it is not, to the letter, what `gen` writes.
 */
export function recordedArguments(module: string): RecordedArguments | undefined {
  const words = splitCommand(commandOf(module)) ?? [];
  const args = parse(words.slice(2));
  if (args?.host === undefined) return undefined;
  return isDeepStrictEqual(words, recordedCommand(args, args.host, args.out)) ? args : undefined;
}
