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

/** Nothing where `gen` would refuse these words. */
function parse(words: readonly string[]): GenArguments | undefined {
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
    return args._.length === 0 ? (args as unknown as GenArguments) : undefined;
  } catch {
    return undefined;
  }
}

/** The arguments of a command that the header of a module names; nothing where `gen` wrote none such. */
export function recordedArguments(command: string): GenArguments | undefined {
  const [program, name, ...words] = splitCommand(command) ?? [];
  return program === "microvm-sweep" && name === "gen" ? parse(words) : undefined;
}
