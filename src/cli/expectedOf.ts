import { isDeepStrictEqual } from "node:util";
import { emitModule } from "../emit/emitModule.ts";
import { shellCommand } from "../emit/quote/shellCommand.ts";
import type { Compiled } from "./compile.ts";
import type { GenArguments } from "./options/GenArguments.ts";
import { originOf } from "./originOf.ts";
import { policyOf } from "./readPolicyArguments.ts";
import { recordedArguments } from "./recordedArguments.ts";
import { recordedCommand } from "./recordedCommand.ts";

/** What `check` expects a file to hold. */
export interface Expected {
  readonly text: string;
  /** The command that makes it again, where there is one that its reader could run. */
  readonly remedy?: string;
}

/**
 * Whether a recorded command makes the module that a check has compiled. Its file of `--config` may not be
 * there, as in a derivation: it is taken for the one that the check was given.
 */
function makes(recorded: GenArguments, args: GenArguments, compiled: Compiled): boolean {
  const { program, backend } = compiled;
  if (recorded.format !== "module" || recorded.host !== program.hostName) return false;
  if (recorded.config !== undefined && args.config === undefined) return false;
  const theirs = policyOf(recorded, recorded.config === undefined ? {} : compiled.settings);
  return theirs.backend === backend && isDeepStrictEqual(theirs.policy, program.policy);
}

/** What the file holds if its header may stay, which `current`, its text, has. */
function adopted(compiled: Compiled, args: GenArguments, current: string): Expected | undefined {
  const recorded = recordedArguments(current);
  if (recorded === undefined || !makes(recorded, args, compiled)) return undefined;
  const { program, backend } = compiled;
  const command = recordedCommand(recorded, program.hostName, recorded.out);
  const text = emitModule(program, { source: originOf(recorded).source, command, backend });
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
  return adopted(compiled, args, current) ?? own;
}
