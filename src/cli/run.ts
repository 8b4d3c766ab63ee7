import { Interruption } from "../nix/runNix.ts";
import { argumentFault } from "./argumentFault.ts";
import { CliFailure } from "./CliFailure.ts";
import { commandLine, HELP_HINT } from "./commandLine.ts";
import type { Invocation } from "./commands/Invocation.ts";
import { EXIT } from "./exitCode.ts";
import { inheritedOption } from "./inheritedOption.ts";
import { internalFault } from "./internalFault.ts";
import { createMessages } from "./messages/createMessages.ts";
import { readMessageSettings } from "./messages/readMessageSettings.ts";
import { printResult } from "./printResult.ts";

/** Prints the text of `--help` or `--version`, which yargs makes in place of running a command. */
async function execute(args: readonly string[], invocation: Invocation): Promise<void> {
  const unknown = inheritedOption(args);
  if (unknown !== undefined) throw argumentFault(`Unknown argument: ${unknown}`, HELP_HINT);
  let help = "";
  await commandLine(invocation).parseAsync([...args], {}, (_error, _argv, output) => {
    help = output;
  });
  if (help !== "") await printResult(`${help}\n`);
}

/** Reports why a run ended early, and says with what status. */
function exitCodeOf(error: unknown, invocation: Invocation): number {
  if (error instanceof Interruption) return error.exitCode;
  if (error instanceof CliFailure) {
    invocation.messages.report(error.diagnostics);
    return error.exitCode;
  }
  return internalFault(error);
}

/** Runs one command line, without the name of the program, and returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const settings = readMessageSettings(args);
  const invocation: Invocation = {
    settings,
    messages: createMessages(settings),
    exitCode: EXIT.done,
  };
  try {
    await execute(args, invocation);
    return invocation.exitCode;
  } catch (error) {
    return exitCodeOf(error, invocation);
  }
}
