import { nixComment } from "../emit/quote/nixComment.ts";
import { nixIndentedString } from "../emit/quote/nixIndentedString.ts";

/** Where the header of a module has its origin and its command (templates/module.hbs). */
const ORIGIN_LINE = 0;
const COMMAND_LINE = 3;
const COMMAND_PREFIX = "#   ";
const OURS = /^# {3}microvm-sweep gen( |$)/;
/** What `nixComment` lets through nowhere: a line with it is not ours. */
const CONTROL = /[\u0000-\u001f\u007f]/;
/** The command once more, in the message of the guard. */
const REMEDY = "To make it again, run: ";

/** The command that the header of a module names; nothing where it is no module of ours. */
export function recordedIn(module: string): string | undefined {
  const line = module.split("\n", COMMAND_LINE + 1)[COMMAND_LINE] ?? "";
  return OURS.test(line) ? line.slice(COMMAND_PREFIX.length) : undefined;
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
 * `current` has no such header, or another host's, the expected text comes back as it is.
 */
export function adoptProvenance(expected: string, current: string, hostName: string): string {
  const lines = expected.split("\n");
  const theirs = current.split("\n", COMMAND_LINE + 1);
  const origin = theirs[ORIGIN_LINE] ?? "";
  const command = theirs[COMMAND_LINE] ?? "";
  const prefix = upToSource(lines[ORIGIN_LINE] ?? "", hostName);
  if (prefix === undefined || !origin.startsWith(prefix) || !origin.endsWith(".")) return expected;
  if (!OURS.test(command) || CONTROL.test(origin + command)) return expected;
  const remedy = REMEDY + nixIndentedString(command.slice(COMMAND_PREFIX.length), "");
  lines[ORIGIN_LINE] = origin;
  lines[COMMAND_LINE] = command;
  const index = lines.findIndex((line) => line.trimStart().startsWith(REMEDY));
  const line = lines[index];
  if (line === undefined) return expected;
  lines[index] = line.slice(0, line.indexOf(REMEDY)) + remedy;
  return lines.join("\n");
}
