import type { CheckArguments } from "./commands/check.ts";
import type { GenArguments } from "./commands/gen.ts";
import {
  CHECK_OPTIONS,
  GEN_OPTIONS,
  MESSAGE_OPTIONS,
  type Option,
  type Options,
} from "./options.ts";

/** A command line that was read without yargs. */
export type PlainArguments =
  | { readonly command: "gen"; readonly args: GenArguments }
  | { readonly command: "check"; readonly args: CheckArguments };

/** What is read so far: a value, a list, or `true` for a flag. */
type Values = Record<string, unknown>;

/** Takes an option into `values`. Returns false where yargs has something to say. */
function take(values: Values, name: string, option: Option, value: string | true): boolean {
  const isKnown = value === true || (option.choices?.includes(value) ?? true);
  if (value === "" || !isKnown || (option.type === "boolean" && value !== true)) return false;
  if (option.array === true) {
    // yargs takes a lone dash as the value of an option with one value, but not of a list, and takes quotes off.
    if (value === "-" || /^["']/.test(String(value))) return false;
    values[name] = [...((values[name] as readonly string[] | undefined) ?? []), value];
    return true;
  }
  if (Object.hasOwn(values, name)) return false;
  values[name] = value;
  return true;
}

const OPTION = /^--([a-z-]+)(?:=(.*))?$/s;

/**
 * Reads options as yargs does, where each is known, is complete and is given once.
 *
 * @returns nothing where yargs has something to say: an error, or help
 */
function readOptions(
  words: readonly string[],
  options: Options,
): { readonly values: Values; readonly alone: readonly string[] } | undefined {
  const values: Values = {};
  const alone: string[] = [];
  let rest = words;
  while (rest.length > 0) {
    const [word = "", ...others] = rest;
    rest = others;
    if (/^[^-]/.test(word)) {
      alone.push(word);
      continue;
    }
    const [, name = "", tied] = OPTION.exec(word) ?? [];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) return undefined;
    if (!take(values, name, option, tied ?? nextWord(rest[0], option))) return undefined;
    if (option.type !== "boolean" && tied === undefined) rest = rest.slice(1);
  }
  return { values, alone };
}

/**
 * The value of an option in a word of its own. What starts with a dash may be an option, and what comes after a
 * flag its value: yargs knows.
 */
function nextWord(word = "", { type }: Option): string | true {
  if (type === "boolean") return /^(?:true|false)$/.test(word) ? word : true;
  return word.startsWith("-") && word !== "-" ? "" : word;
}

function withDefaults(values: Values, options: Options): Values {
  const defaults = Object.entries(options).filter(([, option]) => option.default !== undefined);
  return {
    ...Object.fromEntries(defaults.map(([name, option]) => [name, option.default])),
    ...values,
  };
}

/**
 * Reads the command line of `gen` or `check` where nothing is wrong with it and nobody asks for help. Half of the
 * start of `gen` is the loading of yargs, which is left out then. A test compares what both read.
 */
export function plainArguments(words: readonly string[]): PlainArguments | undefined {
  const [command, ...rest] = words;
  if (command !== "gen" && command !== "check") return undefined;
  const end = rest.indexOf("--");
  const options = { ...(command === "gen" ? GEN_OPTIONS : CHECK_OPTIONS), ...MESSAGE_OPTIONS };
  const read = readOptions(end < 0 ? rest : rest.slice(0, end), options);
  if (read === undefined || end === rest.length - 1) return undefined;
  if (read.alone.length > (command === "gen" ? 0 : 1)) return undefined;
  // Two words have a meaning of their own for yargs.
  if (read.alone.some((word) => word === "help" || word === "$0")) return undefined;
  const [path] = read.alone;
  const args = {
    ...withDefaults(read.values, options),
    ...(path === undefined ? {} : { path }),
    ...(end < 0 ? {} : { "--": rest.slice(end + 1) }),
  };
  return command === "gen"
    ? { command, args: args as unknown as GenArguments }
    : { command, args: args as unknown as CheckArguments };
}
