import { basename, dirname } from "node:path";
import { argumentFailure, EXIT, Failure } from "../../diagnostics/failure.ts";
import { FleetDirectory } from "../../fleet/directory.ts";
import { keptReason, oldProgramNote, planProgram } from "../../fleet/programDirectory.ts";
import { PROGRAM_DIRECTORY } from "../../page/program.ts";
import { compileOne } from "../input.ts";
import type { Messages } from "../messages.ts";
import type { GenArguments } from "../options.ts";
import { isStream, pageFile, printResult, writeOutput } from "../output.ts";
import { genFleet } from "./genFleet.ts";

/**
 * Runs `gen`: compiles the usage of one host, and writes the page with the program beside it. The
 * program is written first: a page without it would not evaluate.
 */
export async function gen(args: GenArguments, messages: Messages): Promise<number> {
  const { out } = args;
  if (args.all === true) return genFleet(args, messages);
  const stray = (["out-dir", "json"] as const).find((name) => args[name] !== undefined);
  if (stray !== undefined) throw argumentFailure(`--${stray} goes with --all`);
  const isFile = out !== "-" && !(await isStream(out));
  const file = isFile ? await pageFile(out) : undefined;
  const { page: text } = await compileOne(args, out, messages);
  if (file !== undefined) await writePage({ args, file, text }, messages);
  else if (out === "-") await printResult(text);
  else if (await writeOutput(out, text)) messages.note(`wrote ${out}`);
  return EXIT.done;
}

/** A page, and the file that it belongs in. */
interface PageOfGen {
  readonly args: GenArguments;
  /** The file that `--out` leads to, through links. */
  readonly file: string;
  readonly text: string;
}

/** Writes a page and its program, unless something of somebody else lies there. @throws Failure */
async function writePage({ args, file, text }: PageOfGen, messages: Messages): Promise<void> {
  const { out, force = false } = args;
  const directory = new FleetDirectory(dirname(file));
  const current = directory.read(basename(file));
  const isSame = current === undefined || current === text;
  const kept = isSame ? [] : [keptReason(out, current, "page", force)];
  const program = planProgram(directory, force);
  const refused = [...kept, ...program.kept].filter((one) => one !== undefined);
  if (refused.length > 0) throw new Failure(refused, EXIT.input);
  try {
    for (const [name, content] of program.write) directory.stage(name, content);
    directory.commit(program.write.keys(), program.remove);
  } finally {
    directory.discard();
  }
  if (program.write.size + program.remove.length > 0) {
    messages.note(`wrote ${directory.pathOf(PROGRAM_DIRECTORY)}`);
  }
  messages.note((await writeOutput(out, text)) ? `wrote ${out}` : `${out} is up to date`);
  const old = oldProgramNote(directory);
  if (old !== undefined) messages.note(old);
}
