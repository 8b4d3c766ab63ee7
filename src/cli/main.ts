#!/usr/bin/env node
import { debuglog } from "node:util";
import { Interruption } from "../nix/failures.ts";
import { check } from "./commands/check.ts";
import { gen } from "./commands/gen.ts";
import { CliFailure, EXIT } from "./failure.ts";
import { Messages } from "./messages.ts";
import { plainArguments } from "./plainArguments.ts";

/** Reports a bug of this program, and with NODE_DEBUG=microvm-sweep where it is. */
function reportBug(error: unknown): number {
  process.stderr.write(
    `microvm-sweep: this is a fault of the program, please report it: ${error}\n` +
      "  hint: with NODE_DEBUG=microvm-sweep in the environment it says where it happened\n",
  );
  if (error instanceof Error) debuglog("microvm-sweep")(error.stack ?? "");
  return EXIT.internal;
}

/** Runs a command line. Each command loads only what it needs. */
async function runWords(words: readonly string[], messages: Messages): Promise<number> {
  const plain = plainArguments(words);
  if (plain?.command === "gen") {
    return gen(plain.args, messages);
  }
  if (plain?.command === "check") {
    return check(plain.args, messages);
  }
  const { runCommandLine } = await import("./commandLine.ts");
  return runCommandLine(words, messages);
}

async function run(args: readonly string[]): Promise<number> {
  const messages = new Messages(args);
  try {
    return await runWords(args, messages);
  } catch (error) {
    if (error instanceof Interruption) return error.exitCode;
    if (!(error instanceof CliFailure)) return reportBug(error);
    messages.report(error.diagnostics);
    return error.exitCode;
  }
}

// A reader that goes away is no error. Results have their own handling of it.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

process.on("uncaughtException", (error) => process.exit(reportBug(error)));

process.exitCode = await run(process.argv.slice(2));
