import { createReadStream, fstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { release } from "../emit/program.ts";
import { parseFlakeReference } from "../nix/flakeReference.ts";
import { mergePolicy, type Settings } from "../policy/policy.ts";
import type { Host } from "../usage/model.ts";
import { argumentFailure, CliFailure, EXIT, fileFailure } from "./failure.ts";
import type { Messages } from "./messages.ts";
import { type CompileArguments, flagSettings } from "./options.ts";

/** The host that a command line names. There is none where `diagnostics` has an error. */
export interface HostInput {
  readonly host?: { readonly name: string; readonly host: Host };
  readonly diagnostics: readonly Diagnostic[];
}

/** The settings that a command line comes to. They are the defaults where `diagnostics` has an error. */
export interface SettingsInput {
  readonly settings: Settings;
  readonly diagnostics: readonly Diagnostic[];
}

/** The flake reference and the host of `--flake REF#HOST` and `--host`. */
function flakeAndHost(reference: string, host: string | undefined) {
  const { flake, fragment } = parseFlakeReference(reference);
  if (flake === "") throw argumentFailure("--flake names no flake", "the flake here is: --flake .");
  if (flake.startsWith("-")) throw argumentFailure(`--flake takes a flake reference, not ${flake}`);
  if (fragment === undefined || fragment === host) return { flake, host };
  if (host !== undefined) {
    throw argumentFailure(`--flake names the host ${fragment} and --host names ${host}`);
  }
  if (fragment.startsWith("nixosConfigurations.")) {
    const name = fragment.slice("nixosConfigurations.".length);
    throw argumentFailure(
      "--flake takes the name of a host after #",
      `write --flake ${flake}#${name}`,
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

/** Evaluates the flake with nix into the bytes of a usage document. */
async function evaluate(
  { flake, host }: { readonly flake: string; readonly host: string | undefined },
  options: readonly string[],
  messages: Messages,
): Promise<Uint8Array> {
  const { evaluateFlake } = await import("../nix/evaluateFlake.ts");
  const { NixFailure } = await import("../nix/failures.ts");
  const subject = host === undefined ? flake : `${host} of ${flake}`;
  try {
    return await messages.during(`evaluating ${subject}`, (passOn) =>
      evaluateFlake({ flake, host, options }, passOn),
    );
  } catch (error) {
    if (!(error instanceof NixFailure)) throw error;
    const { message, kind } = error;
    const diagnostic = { ...NIX_FAILURES[kind], severity: "error", pointer: "", message } as const;
    throw new CliFailure([diagnostic], EXIT.command);
  }
}

/** JSON Lines where the name of the file says so (https://jsonlines.org). */
function formatOf(file: string): "json" | "json-lines" {
  return /\.(jsonl|ndjson)$/i.test(file) ? "json-lines" : "json";
}

/** @throws Error where it is a directory: the stream would be empty, without an error */
function standardInput(): typeof process.stdin {
  if (fstatSync(0).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  return process.stdin;
}

async function readFlakeHost(
  reference: string,
  args: CompileArguments,
  messages: Messages,
): Promise<HostInput> {
  if (args["usage-format"] !== undefined) throw argumentFailure("--usage-format goes with --usage");
  const named = flakeAndHost(reference, args.host);
  const bytes = await evaluate(named, args["--"] ?? [], messages);
  const { readUsage } = await import("../usage/readUsage.ts");
  const request = { file: named.flake, format: "json", version: release() } as const;
  return readUsage(bytes, named.host === undefined ? request : { ...request, host: named.host });
}

async function readUsageHost(file: string, args: CompileArguments): Promise<HostInput> {
  if (args["--"] !== undefined) {
    throw argumentFailure("what follows -- is for nix, which only --flake runs");
  }
  const { readUsage } = await import("../usage/readUsage.ts");
  const { host } = args;
  const format = args["usage-format"] ?? formatOf(file);
  const request = { file, format, version: release() };
  try {
    const stream = file === "-" ? standardInput() : createReadStream(file);
    return await readUsage(stream, host === undefined ? request : { ...request, host });
  } catch (error) {
    throw fileFailure("MS3002", file, error);
  }
}

/**
 * Reads the host that the command line names, from a usage document or from a flake.
 *
 * @throws CliFailure, Interruption
 */
export async function readHost(args: CompileArguments, messages: Messages): Promise<HostInput> {
  const { flake, usage } = args;
  if (flake !== undefined && usage !== undefined) {
    throw argumentFailure("--flake and --usage exclude each other");
  }
  if (flake !== undefined) return readFlakeHost(flake, args, messages);
  if (usage !== undefined) return readUsageHost(usage, args);
  throw argumentFailure("one of --flake and --usage is needed", "for the flake here: --flake .");
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
  const { readPolicy } = await import("../policy/readPolicy.ts");
  const { settings, diagnostics } = readPolicy(bytes, { file });
  const merged = settings === undefined ? mergePolicy({}, {}) : mergePolicy(settings, flags);
  return { settings: merged, diagnostics };
}
