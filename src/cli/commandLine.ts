import yargs, { type Argv } from "yargs";
import { argumentFault } from "./argumentFault.ts";
import { CliFailure } from "./CliFailure.ts";
import { check } from "./commands/check.ts";
import { expr } from "./commands/expr.ts";
import { gen } from "./commands/gen.ts";
import type { Invocation } from "./commands/Invocation.ts";
import { schema } from "./commands/schema.ts";
import { examples } from "./examples.ts";
import { meant } from "./meant.ts";
import { globalOptions } from "./options/globalOptions.ts";
import { PARSER_CONFIGURATION } from "./parserConfiguration.ts";
import { VERSION } from "./version.ts";

const NAME = "microvm-sweep";
/** Where the command line is described. */
export const HELP_HINT = `see ${NAME} --help, or --help after a command`;
const EPILOGUE =
  "Exit status: 0 done, 1 check found a difference, 2 bad input or arguments, 3 nix failed.";

/**
 * A failure of ours and a fault of this program go on as they are. All else is yargs' judgement of
 * the command line: a message, sometimes in an error of its own.
 */
function fail(message: string | undefined, error: unknown): never {
  if (error instanceof CliFailure) throw error;
  if (error instanceof Error && error.name !== "YError" && message !== error.message) throw error;
  const text = (message ?? String(error)).replaceAll(/\s*\n\s*/g, " ");
  throw argumentFault(text, meant(text) ?? HELP_HINT);
}

/** The whole command line, strict: what it does not know it refuses. */
export function commandLine(invocation: Invocation): Argv {
  const parser = yargs()
    .scriptName(NAME)
    .usage("$0 COMMAND\n\nMakes a NixOS module that removes what removed MicroVMs leave behind.")
    .parserConfiguration(PARSER_CONFIGURATION)
    .locale("en")
    .strict()
    .exitProcess(false)
    .options(globalOptions)
    .demandCommand(1, 1, "a command is needed", "one command at a time")
    .version(VERSION)
    .alias("help", "h")
    .example(
      examples({
        "make the module of a host, then import and commit it":
          "$0 gen --flake . --host hyp-01 --out microvm-sweep.nix",
      }),
    )
    .epilogue(EPILOGUE)
    .wrap(100)
    .fail(fail);
  return [gen, check, expr, schema].reduce<Argv>((line, add) => add(line, invocation), parser);
}
