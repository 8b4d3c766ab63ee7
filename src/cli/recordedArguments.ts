import yargs from "yargs";
import { splitCommand } from "../emit/quote/splitCommand.ts";
import { inheritedOption } from "./inheritedOption.ts";
import type { GenArguments } from "./options/GenArguments.ts";
import { genOptions } from "./options/genOptions.ts";
import { PARSER_CONFIGURATION } from "./parserConfiguration.ts";
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
  if (words.some((word) => inheritedOption(word) !== undefined)) return undefined;
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
    const args = parser.parseSync([...words]);
    const ours = args._.length === 0 && (args.flake === undefined) !== (args.usage === undefined);
    return ours ? (args as unknown as RecordedArguments) : undefined;
  } catch {
    return undefined;
  }
}

/** The arguments of the command that the header of a module names; nothing where `gen` wrote none such. */
export function recordedArguments(module: string): RecordedArguments | undefined {
  const [program, name, ...words] = splitCommand(commandOf(module)) ?? [];
  return program === "microvm-sweep" && name === "gen" ? parse(words) : undefined;
}
