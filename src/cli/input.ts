import { createReadStream, fstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { invariant } from "../diagnostics/internalError.ts";
import type { ByteStream } from "../json/bytes.ts";
import type { FlakeEvaluation } from "../nix/evaluateFlake.ts";
import { CONFIGURATIONS } from "../nix/extractorExpressions.ts";
import { NixFailure } from "../nix/failures.ts";
import { emitPage } from "../page/emitPage.ts";
import { type HostSweep, release } from "../page/program.ts";
import { shellCommand } from "../page/quote.ts";
import { checkPolicy } from "../policy/checkPolicy.ts";
import { mergePolicy, type Settings } from "../policy/policy.ts";
import { readPolicy } from "../policy/readPolicy.ts";
import { type ChosenHost, chooseHost } from "../usage/chooseHost.ts";
import { declaredNames } from "../usage/declared.ts";
import type { Host } from "../usage/model.ts";
import { readHosts, type UsageFormat } from "../usage/readHosts.ts";
import { argumentFailure, CliFailure, EXIT, fileFailure } from "./failure.ts";
import type { Messages } from "./messages.ts";
import {
  type CompileArguments,
  flagSettings,
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

const NIX_FAILURES = {
  missing: {
    code: "MS3101",
    hint: "install Nix, or evaluate elsewhere and give the result with --usage",
  },
  "too-old": {
    code: "MS3102",
    hint: "upgrade Nix, or evaluate with a newer one and give the result with --usage",
  },
  failed: { code: "MS3103" },
} as const;

/**
 * What to do where nix says that the page, which the configuration imports, does not exist: it sees only what
 * git tracks.
 *
 * @param page the page or the index that this run is about to write
 */
function missingPageHint(said: string, page: string | undefined): string | undefined {
  if (page === undefined) return undefined;
  const isMissing =
    /(?:path|file) ['"]([^'"]*)['"].*(?:does not exist|is not tracked by Git|No such file)|opening file ['"]([^'"]*)['"]: No such file/gi;
  const paths = [...said.matchAll(isMissing)].map(([, one, other]) => one ?? other ?? "");
  const name = posix.normalize(page);
  const directory = posix.dirname(name);
  const isIts = (path: string) =>
    path.endsWith(`/${name}`) ||
    path === name ||
    path.endsWith(`/${directory}`) ||
    path === directory ||
    path.endsWith(`/${directory}/default.nix`);
  if (!paths.some(isIts)) return undefined;
  const word = shellCommand([name]);
  const make = directory === "." ? "" : `mkdir -p ${shellCommand([directory])} && `;
  return `the configuration imports the page before it is there, or git does not track it: ${make}{ [ -e ${word} ] || echo '{ }' > ${word}; } && git add ${word}`;
}

/** Evaluates the flake with nix into the bytes of a usage document. */
async function evaluate(
  evaluation: FlakeEvaluation,
  page: string | undefined,
  messages: Messages,
): Promise<Uint8Array> {
  const said: Uint8Array[] = [];
  const { evaluateFlake } = await import("../nix/evaluateFlake.ts");
  const { flake, host } = evaluation;
  const subject = host === undefined ? flake : `${host} of ${flake}`;
  try {
    return await messages.during(`evaluating ${subject}`, (passOn) =>
      evaluateFlake(evaluation, (chunk) => {
        said.push(chunk);
        passOn(chunk);
      }),
    );
  } catch (error) {
    if (!(error instanceof NixFailure)) throw error;
    const { message, kind } = error;
    const hint = error.hint ?? missingPageHint(Buffer.concat(said).toString("utf8"), page);
    const failure = { severity: "error", pointer: "", message, ...NIX_FAILURES[kind] } as const;
    const diagnostic = hint === undefined ? failure : { ...failure, hint };
    throw new CliFailure([diagnostic], EXIT.command);
  }
}

/** JSON Lines where the name of the file says so (https://jsonlines.org). */
function formatOf(file: string): "json" | "json-lines" {
  return /\.(jsonl|ndjson)$/i.test(file) ? "json-lines" : "json";
}

/** @throws CliFailure where standard input is a directory: the stream would be empty, without an error */
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
}

/**
 * Opens the usage that the command line names: a flake is evaluated, a file is streamed.
 *
 * @param page the page or the index that is to be written, for the hint where it is missing
 * @throws CliFailure, Interruption
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
  const options = args["--"] ?? [];
  const bytes = await evaluate({ flake, attribute: args.attr, host, options }, page, messages);
  return { file: flake, format: "json", stream: [bytes], host };
}

function openFile(file: string, args: CompileArguments): UsageInput {
  if (args["--"] !== undefined) {
    throw argumentFailure("what follows -- is for nix, which only --flake runs");
  }
  if (args.attr !== undefined) throw argumentFailure("--attr goes with --flake");
  const format = args["usage-format"] ?? formatOf(file);
  return { file, format, stream: readable(openUsage(file), file), host: args.host };
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

async function readHost(
  args: CompileArguments,
  page: string | undefined,
  messages: Messages,
): Promise<ChosenHost> {
  const { file, format, stream, host } = await openInput(args, page, messages);
  return chooseHost(readHosts(stream, { file, format, release: release() }), file, host);
}

/**
 * Reads the settings of a run: flags, then the file of `--config`, then the defaults.
 *
 * @throws CliFailure where the file cannot be read, or a flag has no usable value
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

/** A host compiled for one file. */
export interface Compiled {
  readonly sweep: HostSweep;
  /** The page. */
  readonly text: string;
  /** The command that makes the file again, as a line for a shell. */
  readonly command: string;
}

/**
 * Reads and checks everything that a command line names.
 *
 * @throws CliFailure, Interruption
 */
async function readSweep(
  args: CompileArguments,
  page: string | undefined,
  messages: Messages,
): Promise<HostSweep> {
  const { settings, diagnostics } = await readSettings(args);
  // Evaluating a flake takes long: refuse a bad policy before it.
  if (args.flake !== undefined)
    messages.requireNoErrors([...diagnostics, ...checkPolicy(settings)]);
  const input = await readHost(args, page, messages);
  const { host } = input;
  // A policy file with errors has given no settings to check.
  const policyFindings = diagnostics.length === 0 ? checkPolicy(settings, host?.host) : [];
  messages.requireNoErrors([...diagnostics, ...input.diagnostics, ...policyFindings]);
  invariant(host !== undefined, "neither a host nor an error");
  return sweepOf(host.name, host.host, settings);
}

/** What is emitted for a host with these settings. */
export function sweepOf(hostName: string, host: Host, { backend, ...policy }: Settings): HostSweep {
  return { hostName, stateDir: host.stateDir, ...declaredNames(host), policy, backend };
}

/**
 * Compiles the host that a command line names into the text that `gen` writes and `check` expects.
 *
 * @param out the file of the result, `-` for standard output: the command names it
 * @throws CliFailure, Interruption
 */
export async function compile(
  args: CompileArguments,
  out: string,
  messages: Messages,
): Promise<Compiled> {
  const sweep = await readSweep(args, out === "-" ? undefined : out, messages);
  const command = regenerationCommand(args, sweep.hostName, out);
  return { sweep, text: emitPage(sweep, { command }), command };
}
