import { isDeepStrictEqual } from "node:util";
import { nixComment } from "../emit/quote/nixComment.ts";
import { nixIndentedString } from "../emit/quote/nixIndentedString.ts";
import type { Compiled } from "./compile.ts";
import { policyOfFlags } from "./readPolicyArguments.ts";
import { recordedArguments } from "./recordedArguments.ts";

/** Where the header of a module has its origin and its command (templates/module.hbs). */
const ORIGIN_LINE = 0;
const COMMAND_LINE = 3;
const COMMAND_PREFIX = "#   ";
/** What `nixComment` lets through nowhere: a line with it is not ours. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** The command once more, in the message of the guard. */
const REMEDY = "To make it again, run: ";

/** The command that the header of a module names. */
function commandOf(module: string): string {
  const line = module.split("\n", COMMAND_LINE + 1)[COMMAND_LINE] ?? "";
  return line.startsWith(COMMAND_PREFIX) ? line.slice(COMMAND_PREFIX.length) : "";
}

/**
 * The command that the header of `module` names, where it is one of ours and makes the module that
 * `compiled` is, by all that can be told from the command alone: what a file of `--config` said is gone.
 */
export function recordedIn(module: string, compiled: Compiled): string | undefined {
  const command = commandOf(module);
  const args = recordedArguments(command);
  if (args?.format !== "module" || args.host !== compiled.program.hostName) return undefined;
  const { policy, backend } = policyOfFlags(args) ?? {
    policy: compiled.program.policy,
    backend: compiled.backend,
  };
  const same = isDeepStrictEqual(policy, compiled.program.policy) && backend === compiled.backend;
  return same ? command : undefined;
}

/** The part of the first line before what the usage was read from. */
function upToSource(line: string, hostName: string): string | undefined {
  const marker = ` ${nixComment(hostName)}, from `;
  const index = line.indexOf(marker);
  return index < 0 ? undefined : line.slice(0, index + marker.length);
}

/**
 * The expected module with the origin and the command that the header of `current` names.
 *
 * They say where a file came from, not what it does, and rightly differ between two ways to the same
 * file: another directory, `--usage` in a derivation where the administrator used `--flake`. Where
 * `current` has no such header, or it is another host's, the expected text comes back as it is.
 */
export function adoptProvenance(compiled: Compiled, current: string): string {
  const lines = compiled.text.split("\n");
  const origin = current.split("\n", 1)[ORIGIN_LINE] ?? "";
  const command = recordedIn(current, compiled);
  const prefix = upToSource(lines[ORIGIN_LINE] ?? "", compiled.program.hostName);
  if (command === undefined || prefix === undefined) return compiled.text;
  if (!origin.startsWith(prefix) || !origin.endsWith(".")) return compiled.text;
  if (CONTROL.test(origin)) return compiled.text;
  lines[ORIGIN_LINE] = origin;
  lines[COMMAND_LINE] = COMMAND_PREFIX + command;
  const index = lines.findIndex((line) => line.trimStart().startsWith(REMEDY));
  const line = lines[index];
  if (line === undefined) return compiled.text;
  lines[index] = line.slice(0, line.indexOf(REMEDY)) + REMEDY + nixIndentedString(command, "");
  return lines.join("\n");
}
