import { internalFault } from "./internalFault.ts";
import { run } from "./run.ts";

// A reader of the messages that goes away is no fault either; results have their own handling.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

process.on("uncaughtException", (error) => process.exit(internalFault(error)));

process.exitCode = await run(process.argv.slice(2));
