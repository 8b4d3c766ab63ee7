#!/usr/bin/env node
import { debuglog } from "node:util";
import { EXIT, Failure, Interruption } from "../diagnostics/failure.ts";
import { type CommandLine, parseCommandLine } from "./commandLine.ts";
import { Messages } from "./messages.ts";
import { printResult } from "./output.ts";

/** Reports a bug of this program, and with NODE_DEBUG=microvm-sweep where it is. */
function reportBug(error: unknown): number {
  process.stderr.write(
    `microvm-sweep: this is a fault of the program, please report it: ${error}\n` +
      "  hint: with NODE_DEBUG=microvm-sweep in the environment it says where it happened\n",
  );
  if (error instanceof Error) debuglog("microvm-sweep")(error.stack ?? "");
  return EXIT.internal;
}

async function runLine(
  { command, args, text = "", failure }: CommandLine,
  messages: Messages,
): Promise<number> {
  if (failure !== undefined) throw failure;
  if (command !== undefined) return command.run(args as never, messages);
  await printResult(`${text}\n`);
  return EXIT.done;
}

async function run(words: readonly string[]): Promise<number> {
  // What a shell asks for after a Tab is no finished command line: yargs would refuse it.
  if (words[0] === "complete") return (await import("./completion.ts")).complete(words.slice(1));
  const line = parseCommandLine(words);
  const messages = new Messages(line.args);
  try {
    return await runLine(line, messages);
  } catch (error) {
    if (error instanceof Interruption) return error.exitCode;
    if (!(error instanceof Failure)) throw error;
    messages.report(error.diagnostics);
    return error.exitCode;
  }
}

// A reader that goes away is no error. Results have their own handling of it.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

process.on("uncaughtException", (error) => process.exit(reportBug(error)));

process.exitCode = await run(process.argv.slice(2)).catch(reportBug);
