import { createReadStream, fstatSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../usage/model.ts";
import { readUsage } from "../usage/readUsage.ts";
import { argumentFault } from "./argumentFault.ts";
import { fileFault } from "./fileFault.ts";
import { evaluateArguments, flakeArguments } from "./flakeSource.ts";
import type { Messages } from "./messages/Messages.ts";
import { flagWords } from "./options/flagWords.ts";
import type { GenArguments } from "./options/GenArguments.ts";
import { VERSION } from "./version.ts";

/** The host to compile, and what its usage was read from. */
export interface Input {
  readonly host?: { readonly name: string; readonly host: Host };
  readonly diagnostics: readonly Diagnostic[];
  /** As the header of the module names it. */
  readonly source: string;
  /** The words of the command line that name it, the host left out. */
  readonly words: readonly string[];
}

/** As a comment has it: the full stop of the sentence is no part of the name `.`. */
function quoted(name: string): string {
  return `\`${name}\``;
}

async function readFlake(args: GenArguments, messages: Messages): Promise<Input> {
  if (args["usage-format"] !== undefined) throw argumentFault("--usage-format goes with --usage");
  const { flake, host } = flakeArguments(args.flake ?? "", args.host);
  const bytes = await evaluateArguments({ flake, host }, args["--"] ?? [], messages);
  const request = { file: flake, format: "json", version: VERSION } as const;
  const read = await readUsage(bytes, host === undefined ? request : { ...request, host });
  return { ...read, source: `the flake ${quoted(flake)}`, words: ["--flake", flake] };
}

/** JSON Lines where the name of the file says so (https://jsonlines.org). */
function formatOf(file: string): "json" | "json-lines" {
  return /\.(jsonl|ndjson)$/i.test(file) ? "json-lines" : "json";
}

/** @throws Error where it is a directory: the stream would be empty, without a word */
function standardInput(): typeof process.stdin {
  if (fstatSync(0).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  return process.stdin;
}

async function readFile(args: GenArguments): Promise<Input> {
  if (args["--"] !== undefined) {
    throw argumentFault("what follows -- is for nix, which only --flake runs");
  }
  const file = args.usage ?? "";
  const given = args["usage-format"];
  const request = { file, format: given ?? formatOf(file), version: VERSION };
  try {
    const stream = file === "-" ? standardInput() : createReadStream(file);
    const read = await readUsage(
      stream,
      args.host === undefined ? request : { ...request, host: args.host },
    );
    const format = given === undefined ? [] : ["--usage-format", given];
    const source = file === "-" ? "standard input" : quoted(file);
    return { ...read, source, words: [...flagWords("--usage", file), ...format] };
  } catch (error) {
    throw fileFault("MS3002", file, error);
  }
}

/** Reads the usage that the command line names, from a file or by way of nix. */
export async function readInput(args: GenArguments, messages: Messages): Promise<Input> {
  if (args.flake !== undefined && args.usage !== undefined) {
    throw argumentFault("--flake and --usage exclude each other");
  }
  if (args.flake !== undefined) return readFlake(args, messages);
  if (args.usage !== undefined) return readFile(args);
  throw argumentFault("one of --flake and --usage is needed", "for the flake here: --flake .");
}
