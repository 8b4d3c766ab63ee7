import { argumentFailure, EXIT } from "../failure.ts";
import { compile } from "../input.ts";
import type { Messages } from "../messages.ts";
import type { CompileArguments } from "../options.ts";
import { isStream, printResult, programBeside, writeOutput, writeProgram } from "../output.ts";
import { genFleet } from "./genFleet.ts";

/** The command line of `gen`. */
export interface GenArguments extends CompileArguments {
  readonly out: string;
  readonly "out-dir"?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/**
 * Runs `gen`: compiles the usage of one host, and writes the page with the program beside it. The
 * program is written first: a page without it would not evaluate.
 */
export async function gen(args: GenArguments, messages: Messages): Promise<number> {
  const { out } = args;
  if (args.all === true) return genFleet(args, messages);
  const stray = (["out-dir", "force", "json"] as const).find((name) => args[name] !== undefined);
  if (stray !== undefined) throw argumentFailure(`--${stray} goes with --all`);
  const toFile = out !== "-" && !(await isStream(out));
  const program = toFile ? await programBeside(out) : undefined;
  const { text } = await compile(args, out, messages);
  if (out === "-") {
    await printResult(text);
    return EXIT.done;
  }
  if (program !== undefined && (await writeProgram(program))) {
    messages.note(`wrote ${program}`);
  }
  messages.note((await writeOutput(out, text)) ? `wrote ${out}` : `${out} is up to date`);
  return EXIT.done;
}
