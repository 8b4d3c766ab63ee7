import { isDeepStrictEqual } from "node:util";
import { emitModule } from "../emit/emitModule.ts";
import { shellCommand } from "../emit/quote/shellCommand.ts";
import type { Compiled } from "./compile.ts";
import type { GenArguments } from "./options/GenArguments.ts";
import { originOf } from "./originOf.ts";
import { policyOfFlags } from "./readPolicyArguments.ts";
import { recordedArguments } from "./recordedArguments.ts";
import { recordedCommand } from "./recordedCommand.ts";

/** What `check` expects a file to hold. */
export interface Expected {
  readonly text: string;
  /** The command that makes it again, where there is one that its reader could run. */
  readonly remedy?: string;
}

/** Whether a command makes the module that `compiled` is, as far as it tells: not what a `--config` held. */
function makes(args: GenArguments, { program, backend }: Compiled): boolean {
  if (args.format !== "module" || args.host !== program.hostName) return false;
  const flags = policyOfFlags(args);
  if (flags === undefined) return true;
  return flags.backend === backend && isDeepStrictEqual(flags.policy, program.policy);
}

/** What the file holds if its header may stay, which `current`, its text, has. */
function adopted(compiled: Compiled, current: string): Expected | undefined {
  const args = recordedArguments(current);
  if (args === undefined || !makes(args, compiled)) return undefined;
  const { program, backend } = compiled;
  const command = recordedCommand(args, program.hostName, args.out);
  const text = emitModule(program, { source: originOf(args).source, command, backend });
  return { text, remedy: shellCommand(command) };
}

/**
 * What a file has to hold that is now `current`, with the origin and the command that its header names.
 *
 * They say where a file came from, not what it does, and rightly differ between two ways to the same
 * file: another directory, `--usage` in a derivation where the administrator used `--flake`. A command
 * that `gen` would not have recorded for this host, policy and backend stays out: who follows it would
 * run something else.
 *
 * @param args the command line of the check
 */
export function expectedOf(compiled: Compiled, args: GenArguments, current: string): Expected {
  const { text, command } = compiled;
  if (command === undefined) return { text };
  // The usage document of a check may be gone when its reader wants to make the file again.
  const own = args.flake === undefined ? { text } : { text, remedy: shellCommand(command) };
  return adopted(compiled, current) ?? own;
}
