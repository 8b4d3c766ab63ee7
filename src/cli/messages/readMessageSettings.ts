import yargs from "yargs";
import { inheritedOption } from "../inheritedOption.ts";
import { globalOptions } from "../options/globalOptions.ts";
import { PARSER_CONFIGURATION } from "../parserConfiguration.ts";
import type { MessageSettings } from "./MessageSettings.ts";

/** Colours and progress only on a terminal that can show them, and never against NO_COLOR. */
function terminal(): { color: boolean; progress: boolean } {
  const progress = process.stderr.isTTY === true && process.env["TERM"] !== "dumb";
  return { progress, color: progress && (process.env["NO_COLOR"] ?? "") === "" };
}

/**
 * Reads the global options alone, before the command line as a whole is judged: a fault of it has to
 * be told in the way that it asks for. A value that makes no sense here counts as not given.
 */
export function readMessageSettings(args: readonly string[]): MessageSettings {
  const given = yargs()
    .parserConfiguration(PARSER_CONFIGURATION)
    .options({ quiet: globalOptions.quiet, "warnings-as-errors": { type: "boolean" } })
    .option("diagnostics", { type: "string" })
    .help(false)
    .version(false)
    .exitProcess(false)
    .parseSync(args.filter((word) => inheritedOption([word]) === undefined));
  const { color, progress } = terminal();
  const quiet = given.quiet === true;
  return {
    quiet,
    format: given.diagnostics === "json" ? "json" : "text",
    warningsAsErrors: given["warnings-as-errors"] === true,
    color,
    progress: progress && !quiet,
  };
}
