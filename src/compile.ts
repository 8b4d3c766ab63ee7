/**
 * The compiler: a usage document goes in, the page and the program of a host come out. The command line
 * goes the same way: `readHosts`, `chooseHost` unless all are wanted, and `compileHost`.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { compile, parseUsage } from "microvm-sweep";
 *
 * const usage = await parseUsage(await readFile("usage.json"), { host: "hyp-01" });
 * const { page, program, diagnostics } = compile(usage, { orphans: "report" });
 */
import { type Diagnostic, isError } from "./diagnostics/diagnostic.ts";
import type { ByteStream } from "./json/bytes.ts";
import { emitPage } from "./page/emitPage.ts";
import { type HostSweep, PROGRAM_DIRECTORY, programFiles, release } from "./page/program.ts";
import { checkPolicy } from "./policy/checkPolicy.ts";
import { mergePolicy, type PolicySettings, type Settings } from "./policy/policy.ts";
import { readPolicy } from "./policy/readPolicy.ts";
import { type ChosenHost, chooseHost } from "./usage/chooseHost.ts";
import { declaredNames } from "./usage/declared.ts";
import type { Host } from "./usage/model.ts";
import { type ReadHost, readHosts, type UsageFormat } from "./usage/readHosts.ts";

export type { Diagnostic } from "./diagnostics/diagnostic.ts";
export type { PolicySettings } from "./policy/policy.ts";
export type { ChosenHost } from "./usage/chooseHost.ts";
export type { DeclaredVm, Host, HostLine, UsageDocument } from "./usage/model.ts";
export type { ReadHost } from "./usage/readHosts.ts";

/** How to read a usage. */
export interface ReadOptions {
  /** The default is `json`: one document. The others have one host a line. */
  readonly format?: UsageFormat;
  /** Name of the usage in diagnostics; the default is `usage`. */
  readonly file?: string;
  /** Whether nix has just printed it: messages then have no place in the text. */
  readonly isEvaluated?: boolean;
}

/** Which host to read, and how. */
export interface ParseOptions extends ReadOptions {
  /** Name of the host. It may be left out where the usage has only one that is not itself a MicroVM. */
  readonly host?: string | undefined;
}

/** The text of a usage, its bytes, or a stream of them. */
export type UsageInput = string | Uint8Array | ByteStream;

/**
 * Reads the hosts of a usage one after the other, each with what is wrong with it. Throws only what a
 * stream throws.
 */
export function readUsage(
  usage: UsageInput,
  { format = "json", file = "usage", isEvaluated }: ReadOptions = {},
): AsyncIterable<ReadHost> {
  const bytes = typeof usage === "string" ? new TextEncoder().encode(usage) : usage;
  const stream = bytes instanceof Uint8Array ? [bytes] : bytes;
  return readHosts(stream, { file, format, isEvaluated, release: release() });
}

/**
 * Reads a usage and chooses one host of it. Bad input gives diagnostics, and no host where one of them is
 * an error.
 */
export function parseUsage(usage: UsageInput, options: ParseOptions = {}): Promise<ChosenHost> {
  return chooseHost(readUsage(usage, options), options.file ?? "usage", options.host);
}

/** A page, or why there is none. */
export type CompiledHost =
  | { readonly page: string; readonly diagnostics: readonly Diagnostic[] }
  | { readonly page?: undefined; readonly diagnostics: readonly Diagnostic[] };

/**
 * Checks the policy against one host and emits its page. Its diagnostics say where the policy does not go
 * with the host, or with itself.
 *
 * @param command the command that makes the page again, which the page names in its messages
 */
export function compileHost(
  name: string,
  host: Host,
  settings: Settings,
  command: string,
): CompiledHost {
  const diagnostics = checkPolicy(settings, host);
  if (diagnostics.some(isError)) return { diagnostics };
  return { page: emitPage(sweepOf(name, host, settings), { command }), diagnostics };
}

function sweepOf(hostName: string, host: Host, { backend, ...policy }: Settings): HostSweep {
  return { hostName, stateDir: host.stateDir, ...declaredNames(host), policy, backend };
}

/** What a host was compiled to. */
export interface Compilation {
  /** Text of the NixOS module. It is missing where a diagnostic is an error. */
  readonly page?: string;
  /** Text of each file of the program, by its path from the directory of the page. */
  readonly program: ReadonlyMap<string, string>;
  /** Everything found in the usage and in the policy. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles a host that `parseUsage` returned. Bad input gives diagnostics and no page.
 *
 * @param policy what the sweep may do, with the keys of a policy file; what is left out has its default
 * @param command the command that makes the page again, which the page names in its messages
 */
export function compile(
  { host, diagnostics }: ChosenHost,
  policy: PolicySettings = {},
  command?: string,
): Compilation {
  const read = readPolicy(new TextEncoder().encode(JSON.stringify(policy)), { file: "policy" });
  const files = [...programFiles()].map(
    ([name, text]) => [`${PROGRAM_DIRECTORY}/${name}`, text] as const,
  );
  const program = new Map(files);
  const found = [...diagnostics, ...read.diagnostics];
  if (host === undefined || read.settings === undefined) return { program, diagnostics: found };
  const { page, diagnostics: own } = compileHost(
    host.name,
    host.host,
    mergePolicy(read.settings, {}),
    command ?? `microvm-sweep gen --host ${host.name}`,
  );
  const all = [...found, ...own];
  return page === undefined ? { program, diagnostics: all } : { page, program, diagnostics: all };
}
