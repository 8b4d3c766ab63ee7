import { createReadStream, fstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type CompiledHost, compileHost, parseUsage } from "../compile.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { argumentFailure, fileFailure } from "../diagnostics/failure.ts";
import { invariant } from "../diagnostics/internalError.ts";
import { FleetDirectory, INDEX_FILE } from "../fleet/directory.ts";
import { Fleet, type FleetPage, type FleetReader } from "../fleet/fleet.ts";
import type { ByteStream } from "../json/bytes.ts";
import { CONFIGURATIONS } from "../nix/extractorExpressions.ts";
import { checkPolicy } from "../policy/checkPolicy.ts";
import { mergePolicy, type Settings } from "../policy/policy.ts";
import { readPolicy } from "../policy/readPolicy.ts";
import type { UsageFormat } from "../usage/readHosts.ts";
import type { Messages } from "./messages.ts";
import {
  type CompileArguments,
  flagSettings,
  fleetCommand,
  parseFlakeReference,
  regenerationCommand,
} from "./options.ts";

/** The settings that a command line comes to. They are the defaults where `diagnostics` has an error. */
export interface SettingsInput {
  readonly settings: Settings;
  readonly diagnostics: readonly Diagnostic[];
}

/** The flake reference and the host of `--flake REF#HOST` and `--host`. */
function flakeAndHost(
  reference: string,
  { host, attr: attribute = CONFIGURATIONS }: CompileArguments,
) {
  const { flake, fragment } = parseFlakeReference(reference);
  if (flake === "") throw argumentFailure("--flake names no flake", "the flake here is: --flake .");
  if (flake.startsWith("-")) throw argumentFailure(`--flake takes a flake reference, not ${flake}`);
  if (fragment === undefined || fragment === host) return { flake, host };
  if (host !== undefined) {
    throw argumentFailure(`--flake names the host ${fragment} and --host names ${host}`);
  }
  if (fragment.startsWith(`${attribute}.`)) {
    // What follows the name of the host leads into it, such as .config.
    const path = fragment.slice(attribute.length + 1);
    const [, quoted, plain = path] = /^(?:"([^"]*)"|([^."]+))/.exec(path) ?? [];
    throw argumentFailure(
      "--flake takes the name of a host after #",
      `write --flake ${flake}#${quoted ?? plain}`,
    );
  }
  return { flake, host: fragment };
}

/** JSON Lines where the name of the file says so (https://jsonlines.org). */
function formatOf(file: string): "json" | "json-lines" {
  return /\.(jsonl|ndjson)$/i.test(file) ? "json-lines" : "json";
}

/** @throws Failure where standard input is a directory: the stream would be empty, without an error */
function openUsage(file: string): AsyncIterable<Uint8Array> {
  if (file !== "-") return createReadStream(file);
  if (fstatSync(0).isDirectory()) {
    throw fileFailure("MS3002", file, Object.assign(new Error(), { code: "EISDIR" }));
  }
  return process.stdin;
}

/** The usage that a command line names. */
export interface UsageInput {
  /** Name of the input as the user gave it. */
  readonly file: string;
  readonly format: UsageFormat;
  readonly stream: ByteStream;
  /** The host that the flake reference or `--host` names. */
  readonly host: string | undefined;
  /** Whether it was evaluated in this run, all hosts at once. */
  readonly isEvaluated: boolean;
}

/**
 * Opens the usage that the command line names: a flake is evaluated, a file is streamed.
 *
 * @param page the page or the index that is to be written, for the hint where it is missing
 * @throws Failure, Interruption
 */
export async function openInput(
  args: CompileArguments,
  page: string | undefined,
  messages: Messages,
): Promise<UsageInput> {
  const { flake, usage } = args;
  if (flake !== undefined && usage !== undefined) {
    throw argumentFailure("--flake and --usage exclude each other");
  }
  if (flake !== undefined) return openFlake(flake, args, page, messages);
  if (usage !== undefined) return openFile(usage, args);
  throw argumentFailure("one of --flake and --usage is needed", "for the flake here: --flake .");
}

async function openFlake(
  reference: string,
  args: CompileArguments,
  page: string | undefined,
  messages: Messages,
): Promise<UsageInput> {
  if (args["usage-format"] !== undefined) throw argumentFailure("--usage-format goes with --usage");
  const { flake, host } = flakeAndHost(reference, args);
  if (args.all === true && host !== undefined) {
    throw argumentFailure("--all takes a flake without a host");
  }
  const { evaluateFlake } = await import("../nix/evaluateFlake.ts");
  const subject = host === undefined ? flake : `${host} of ${flake}`;
  const evaluation = { flake, attribute: args.attr, host, page, options: args["--"] ?? [] };
  const bytes = await messages.during(`evaluating ${subject}`, (passOn) =>
    evaluateFlake(evaluation, passOn),
  );
  return { file: flake, format: "json", stream: [bytes], host, isEvaluated: true };
}

function openFile(file: string, args: CompileArguments): UsageInput {
  if (args["--"] !== undefined) {
    throw argumentFailure("what follows -- is for nix, which only --flake runs");
  }
  if (args.attr !== undefined) throw argumentFailure("--attr goes with --flake");
  const format = args["usage-format"] ?? formatOf(file);
  const stream = readable(openUsage(file), file);
  return { file, format, stream, host: args.host, isEvaluated: false };
}

/** Passes a stream on; an error of the operating system becomes one of the input. */
async function* readable(
  stream: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw fileFailure("MS3002", file, error);
  }
}

/**
 * Reads the settings of a run: flags, then the file of `--config`, then the defaults.
 *
 * @throws Failure where the file cannot be read, or a flag has no usable value
 */
export async function readSettings(args: CompileArguments): Promise<SettingsInput> {
  const flags = flagSettings(args);
  const file = args.config;
  if (file === undefined) return { settings: mergePolicy({}, flags), diagnostics: [] };
  const bytes = await readFile(file).catch((error) => {
    throw fileFailure("MS3002", file, error);
  });
  const { settings, diagnostics } = readPolicy(bytes, { file });
  const merged = settings === undefined ? mergePolicy({}, {}) : mergePolicy(settings, flags);
  return { settings: merged, diagnostics };
}

/**
 * Compiles the host that a command line names into the page that `gen` writes and `check` expects.
 *
 * @param out the file of the page, `-` for standard output
 * @param named the command that the page names, where it is not that of this command line
 * @throws Failure, Interruption
 */
export async function compileOne(
  args: CompileArguments,
  out: string,
  messages: Messages,
  named?: string,
): Promise<{ readonly page: string; readonly command: string }> {
  const { settings, diagnostics } = await readSettings(args);
  // Evaluating a flake takes long: refuse a bad policy before it.
  if (args.flake !== undefined) {
    messages.requireNoErrors([...diagnostics, ...checkPolicy(settings)]);
  }
  const input = await openInput(args, out === "-" ? undefined : out, messages);
  const usage = await parseUsage(input.stream, input);
  const { name = "", host } = usage.host ?? {};
  const command = named ?? regenerationCommand(args, name, out);
  // A policy file with errors has given no settings to check.
  const isPolicy = diagnostics.length === 0;
  const compiled: CompiledHost =
    host === undefined || !isPolicy
      ? { diagnostics: isPolicy ? checkPolicy(settings) : [] }
      : compileHost(name, host, settings, command);
  messages.requireNoErrors([...diagnostics, ...usage.diagnostics, ...compiled.diagnostics]);
  invariant(compiled.page !== undefined, "neither a page nor an error");
  return { page: compiled.page, command };
}

/**
 * Opens the fleet that a command line names: its directory, its policy and its input.
 *
 * @throws Failure, Interruption
 */
export async function openFleet(
  args: CompileArguments,
  path: string,
  messages: Messages,
): Promise<Fleet> {
  keepHeapSmall();
  if (args.host !== undefined) throw argumentFailure("--all and --host exclude each other");
  const { settings, diagnostics } = await readSettings(args);
  messages.requireNoErrors([...diagnostics, ...checkPolicy(settings)]);
  if (path === "-") throw argumentFailure("--all writes files: it takes a directory, not -");
  const directory = new FleetDirectory(path);
  const input = await openInput(args, directory.pathOf(INDEX_FILE), messages);
  const command = fleetCommand(args, directory.path);
  return new Fleet({ directory, settings, input, command, judge: (all) => messages.judge(all) });
}

/**
 * One host is garbage before the next: a larger space for young objects takes memory and saves no time. The old
 * space may grow by a third before the next collection, which takes some milliseconds.
 */
function keepHeapSmall(): void {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=33");
}

/** From how many hosts on one `nix eval` takes too much memory. */
const MANY_HOSTS = 20;

/** Reads the pages of a fleet, and counts the hosts on a terminal. */
export async function* readPages(
  fleet: Fleet,
  messages: Messages,
  { again = () => {}, commandOf = () => undefined }: Partial<FleetReader>,
): AsyncGenerator<FleetPage> {
  const { add, stop } = messages.count("hosts");
  try {
    yield* fleet.pages({ count: add, again, commandOf });
  } finally {
    stop();
  }
  const hosts = fleet.lines.size;
  if (fleet.options.input.isEvaluated && hosts >= MANY_HOSTS) {
    messages.note(
      `${hosts} hosts in one nix eval take much memory; see: microvm-sweep expr --for nix-eval-jobs`,
    );
  }
}
