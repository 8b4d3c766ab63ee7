import { nearest } from "../diagnostics/wording.ts";
import { globalOptions } from "./options/globalOptions.ts";
import { inputOptions } from "./options/inputOptions.ts";
import { outputOptions } from "./options/outputOptions.ts";
import { policyOptions } from "./options/policyOptions.ts";

const COMMANDS = ["gen", "check", "expr", "schema"];
const OPTIONS = [globalOptions, inputOptions, outputOptions, policyOptions].flatMap(Object.keys);
const UNKNOWN = /^Unknown arguments?: ([^\s,]+)/;

/** The hint for a word that yargs does not know, where one that it knows is near. */
export function meant(message: string): string | undefined {
  const word = UNKNOWN.exec(message)?.[1];
  if (word === undefined) return undefined;
  if (COMMANDS.includes(word)) return "one command at a time";
  const best = nearest(word, [...COMMANDS, ...OPTIONS, "out", "file"]);
  if (best === undefined) return undefined;
  return `did you mean ${COMMANDS.includes(best) ? best : `--${best}`}?`;
}
