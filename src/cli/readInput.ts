import { createReadStream, fstatSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../usage/model.ts";
import { readUsage } from "../usage/readUsage.ts";
import { argumentFault } from "./argumentFault.ts";
import { fileFault } from "./fileFault.ts";
import { evaluateArguments, flakeArguments } from "./flakeSource.ts";
import type { Messages } from "./messages/Messages.ts";
import type { GenArguments } from "./options/GenArguments.ts";
import { VERSION } from "./version.ts";

/** The host to compile. */
export interface Input {
  readonly host?: { readonly name: string; readonly host: Host };
  readonly diagnostics: readonly Diagnostic[];
}

async function readFlake(args: GenArguments, messages: Messages): Promise<Input> {
  if (args["usage-format"] !== undefined) throw argumentFault("--usage-format goes with --usage");
  const { flake, host } = flakeArguments(args.flake ?? "", args.host);
  const bytes = await evaluateArguments({ flake, host }, args["--"] ?? [], messages);
  const request = { file: flake, format: "json", version: VERSION } as const;
  return readUsage(bytes, host === undefined ? request : { ...request, host });
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
  const format = args["usage-format"] ?? formatOf(file);
  const request = { file, format, version: VERSION };
  try {
    const stream = file === "-" ? standardInput() : createReadStream(file);
    return await readUsage(
      stream,
      args.host === undefined ? request : { ...request, host: args.host },
    );
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
