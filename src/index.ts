/**
 * The compiler as a library: a usage document goes in, the page and the program of a host come out.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { compile, parseUsage } from "microvm-sweep";
 *
 * const usage = await parseUsage(await readFile("usage.json"), { host: "hyp-01" });
 * const { page, program, diagnostics } = compile(usage, { limit: 3 });
 */
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { emitPage } from "./page/emitPage.ts";
import { PROGRAM_DIRECTORY, programFiles, release } from "./page/program.ts";
import { checkPolicy } from "./policy/checkPolicy.ts";
import { mergePolicy, type PolicySettings } from "./policy/policy.ts";
import { readPolicy } from "./policy/readPolicy.ts";
import { type ChosenHost, chooseHost } from "./usage/chooseHost.ts";
import { declaredNames } from "./usage/declared.ts";
import { readHosts } from "./usage/readHosts.ts";

export type { Diagnostic } from "./diagnostics/diagnostic.ts";
export type { PolicySettings } from "./policy/policy.ts";
export type { ChosenHost } from "./usage/chooseHost.ts";
export type { DeclaredVm, Host, HostLine, UsageDocument } from "./usage/model.ts";

/** Which host to read, and how. */
export interface ParseOptions {
  /** Name of the host. It may be left out where the usage has only one that is not itself a MicroVM. */
  readonly host?: string;
  /** The default is `json`: one document. `json-lines` has one host a line. */
  readonly format?: "json" | "json-lines";
  /** Name of the usage in diagnostics; the default is `usage`. */
  readonly file?: string;
}

/**
 * Reads a usage and chooses one host of it. Bad input gives diagnostics, and no host where one of them is an
 * error. Throws only what a stream throws.
 *
 * @param usage the text, its bytes, or a stream of them
 */
export function parseUsage(
  usage: string | Uint8Array | AsyncIterable<Uint8Array>,
  { host, format = "json", file = "usage" }: ParseOptions = {},
): Promise<ChosenHost> {
  const bytes = typeof usage === "string" ? new TextEncoder().encode(usage) : usage;
  const stream = bytes instanceof Uint8Array ? [bytes] : bytes;
  return chooseHost(readHosts(stream, { file, format, release: release() }), file, host);
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
  const settings = mergePolicy(read.settings ?? {}, {});
  const checked = read.settings === undefined ? [] : checkPolicy(settings, host?.host);
  const found = [...diagnostics, ...read.diagnostics, ...checked];
  const files = [...programFiles()].map(
    ([name, text]) => [`${PROGRAM_DIRECTORY}/${name}`, text] as const,
  );
  const result = { program: new Map(files), diagnostics: found };
  if (host === undefined || found.some(({ severity }) => severity === "error")) return result;
  const { backend, ...rest } = settings;
  const { stateDir } = host.host;
  const names = declaredNames(host.host);
  const page = emitPage(
    { hostName: host.name, stateDir, ...names, policy: rest, backend },
    { command: command ?? `microvm-sweep gen --host ${host.name}` },
  );
  return { ...result, page };
}
