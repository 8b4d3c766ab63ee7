import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { invariant } from "../diagnostics/invariant.ts";
import { emitModule } from "../emit/emitModule.ts";
import { emitScript } from "../emit/emitScript.ts";
import { checkPolicy } from "../policy/checkPolicy.ts";
import { plan } from "../sweep/plan.ts";
import type { HostSweep } from "../emit/hostSweep.ts";
import { argumentFault } from "./argumentFault.ts";
import { CliFailure } from "./CliFailure.ts";
import { EXIT } from "./exitCode.ts";
import type { MessageSettings } from "./messages/MessageSettings.ts";
import type { Messages } from "./messages/Messages.ts";
import type { GenArguments } from "./options/GenArguments.ts";
import { originOf } from "./originOf.ts";
import { readInput } from "./readInput.ts";
import { type PolicyArguments, readPolicyArguments } from "./readPolicyArguments.ts";
import { recordedCommand } from "./recordedCommand.ts";
import { withSeverity } from "./withSeverity.ts";

const SYSTEMCTL = "/run/current-system/sw/bin/systemctl";

/** Options that mean nothing for the chosen format are refused, so that nobody trusts in them. */
function checkFormat(args: GenArguments): void {
  if (args.format === "script" && args.backend !== undefined) {
    throw argumentFault("--backend goes with --format module");
  }
  if (args.systemctl === undefined) return;
  if (args.format === "module") {
    throw argumentFault("--systemctl goes with --format script", "a module takes it from NixOS");
  }
  if (!args.systemctl.startsWith("/")) {
    throw argumentFault(`--systemctl takes an absolute path, not ${args.systemctl}`);
  }
}

/** Prints what was found, and ends the run where there is an error among it. */
function judge(
  diagnostics: readonly Diagnostic[],
  { messages, settings }: { messages: Messages; settings: MessageSettings },
): void {
  const judged = withSeverity(diagnostics, settings.warningsAsErrors);
  if (judged.some(({ severity }) => severity === "error")) throw new CliFailure(judged, EXIT.input);
  messages.report(judged);
}

/** A host as it is emitted: the text, and what it was made of. */
export interface Compiled {
  readonly text: string;
  readonly program: HostSweep;
  readonly backend: PolicyArguments["backend"];
  /** What the file of `--config` says. */
  readonly settings: PolicyArguments["settings"];
  /** The words of the command that the header names; a script has no header. */
  readonly command?: readonly string[];
}

/**
 * Compiles the host that a command line names into the text that `gen` prints and `check` expects.
 *
 * @param out the file of the result, `-` for standard output: the header names it
 * @throws CliFailure, Interruption
 */
export async function compile(
  args: GenArguments,
  out: string,
  context: { readonly messages: Messages; readonly settings: MessageSettings },
): Promise<Compiled> {
  checkFormat(args);
  const { policy, backend, settings, diagnostics } = await readPolicyArguments(args);
  // To evaluate a flake takes its time: not for a policy that is to be refused.
  if (args.flake !== undefined) judge([...diagnostics, ...checkPolicy(policy)], context);
  const input = await readInput(args, context.messages);
  const faults = [...diagnostics, ...input.diagnostics];
  // What is wrong with the policy's file would be said twice by judging what is left of it.
  if (diagnostics.length === 0) faults.push(...checkPolicy(policy, input.host?.host));
  judge(faults, context);
  const { host } = input;
  invariant(host !== undefined, "no host, and no fault either");
  const program = plan(host.name, host.host, policy);
  if (args.format === "script") {
    const text = emitScript(program, { systemctl: args.systemctl ?? SYSTEMCTL });
    return { text, program, backend, settings };
  }
  const command = recordedCommand(args, host.name, out);
  const text = emitModule(program, { command, source: originOf(args).source, backend });
  return { text, program, backend, settings, command };
}
