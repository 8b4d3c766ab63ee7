import { policyOptions } from "./options/policyOptions.ts";

/** Options that may be given many times; `_` and `--` are how yargs names the other words. */
const LISTS = new Set([
  "_",
  "--",
  ...Object.entries(policyOptions).flatMap(([name, option]) => ("array" in option ? [name] : [])),
]);

/**
 * Refuses an option that takes one value and is given twice: yargs makes a list of it, and no choice
 * between the two would be right.
 *
 * @throws Error with the message for the user
 */
export function singleValues(argv: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(argv)) {
    if (!Array.isArray(value) || LISTS.has(name)) continue;
    throw new Error(`--${name} is given ${value.length} times and takes one value`);
  }
  return true;
}
