import { flagWords } from "./flagWords.ts";
import type { GenArguments } from "./GenArguments.ts";

/** Once each and in a fixed order, as the order of repeated flags means nothing. */
function repeated(flag: string, values: readonly string[] | undefined): string[] {
  const sorted = [...new Set(values ?? [])].sort();
  // To yargs a lone dash is a value of an option with one value, but not of a list.
  return sorted.flatMap((value) => (value === "-" ? [`${flag}=-`] : flagWords(flag, value)));
}

function single(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : flagWords(flag, value);
}

/** The policy flags of a command line as words that mean the same, in a fixed order. */
export function policyWords(args: GenArguments): string[] {
  return [
    ...single("--config", args.config),
    ...single("--orphans", args.orphans),
    ...single("--unit-files", args["unit-files"]),
    ...single("--state", args.state),
    ...single("--gcroots", args.gcroots),
    ...repeated("--keep", args.keep),
    ...repeated("--state-delete", args["state-delete"]),
    ...repeated("--unit-dir", args["unit-dir"]),
  ];
}
