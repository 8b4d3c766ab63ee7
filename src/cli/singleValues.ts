import { policyOptions } from "./options/policyOptions.ts";

/** Options that may be given many times; `_` and `--` are how yargs names the other words. */
const LISTS = new Set([
  "_",
  "--",
  ...Object.entries(policyOptions).flatMap(([name, option]) => ("array" in option ? [name] : [])),
]);

/**
 * Refuses an option that takes one value and is given twice, because yargs makes a list of it and no
 * choice between the two would be right, and one whose value is empty, as after a variable that is not set.
 *
 * @throws Error with the message for the user
 */
export function singleValues(argv: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(argv)) {
    if (value === "" && name !== "path") throw new Error(`--${name} has no value`);
    if (!Array.isArray(value) || LISTS.has(name)) continue;
    throw new Error(`--${name} is given ${value.length} times and takes one value`);
  }
  return true;
}
