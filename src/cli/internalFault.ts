import { debuglog } from "node:util";
import { EXIT } from "./exitCode.ts";

const debug = debuglog("microvm-sweep");

/** Tells of a fault that is this program's own, and with NODE_DEBUG=microvm-sweep where it happened. */
export function internalFault(error: unknown): number {
  process.stderr.write(
    `microvm-sweep: this is a fault of the program, please report it: ${error}\n` +
      "  hint: with NODE_DEBUG=microvm-sweep in the environment it says where it happened\n",
  );
  if (error instanceof Error) debug(error.stack ?? "");
  return EXIT.internal;
}
