import { invariant } from "../diagnostics/internalError.ts";
import type { HostSweep } from "../emit/hostSweep.ts";
import { shellCommand } from "../emit/quote.ts";
import { checkPolicy } from "../policy/checkPolicy.ts";
import { declaredNames } from "../usage/declaredNames.ts";
import { argumentFailure } from "./failure.ts";
import { readHost, readSettings } from "./input.ts";
import type { Messages } from "./messages.ts";
import { type CompileArguments, regenerationCommand } from "./options.ts";

/** A host compiled for one file. */
export interface Compiled {
  readonly sweep: HostSweep;
  /** What the file holds: the page, or the self-contained script. */
  readonly text: string;
  /** The command that makes the file again, as a line for a shell. */
  readonly command: string;
}

/** Refuses options that mean nothing for the chosen format: somebody could rely on them. */
function checkSystemctl({ format, systemctl }: CompileArguments): void {
  if (systemctl === undefined) return;
  if (format === "module") {
    throw argumentFailure("--systemctl goes with --format script", "a module takes it from NixOS");
  }
  if (!systemctl.startsWith("/")) {
    throw argumentFailure(`--systemctl takes an absolute path, not ${systemctl}`);
  }
}

/**
 * Reads and checks everything that a command line names.
 *
 * @throws CliFailure, Interruption
 */
async function readSweep(args: CompileArguments, messages: Messages): Promise<HostSweep> {
  const { settings, diagnostics } = await readSettings(args);
  // Evaluating a flake takes long: refuse a bad policy before it.
  if (args.flake !== undefined)
    messages.requireNoErrors([...diagnostics, ...checkPolicy(settings)]);
  const input = await readHost(args, messages);
  const { host } = input;
  // A policy file with errors has given no settings to check.
  const policyFindings = diagnostics.length === 0 ? checkPolicy(settings, host?.host) : [];
  messages.requireNoErrors([...diagnostics, ...input.diagnostics, ...policyFindings]);
  invariant(host !== undefined, "neither a host nor an error");
  const { backend, ...policy } = settings;
  const { stateDir } = host.host;
  return { hostName: host.name, stateDir, ...declaredNames(host.host), policy, backend };
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
  checkSystemctl(args);
  const sweep = await readSweep(args, messages);
  const command = shellCommand(regenerationCommand(args, sweep.hostName, out));
  if (args.format === "script") {
    const { emitScript } = await import("../emit/emitScript.ts");
    const { systemctl } = args;
    const text = emitScript(sweep, systemctl === undefined ? {} : { systemctl });
    return { sweep, text, command };
  }
  const { emitPage } = await import("../emit/emitPage.ts");
  return { sweep, text: emitPage(sweep, { command }), command };
}
