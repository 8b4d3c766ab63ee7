import { parseFlakeReference } from "../nix/evaluateFlake.ts";
import { flagWords } from "./options/flagWords.ts";
import type { GenArguments } from "./options/GenArguments.ts";

/** Where a usage was read from. */
export interface Origin {
  /** As the header of the module names it. */
  readonly source: string;
  /** The words of the command line that name it, the host left out. */
  readonly words: readonly string[];
}

/** As a comment has it: the full stop of the sentence is no part of the name `.`. */
function quoted(name: string): string {
  return `\`${name}\``;
}

function flakeOrigin(reference: string): Origin {
  const { flake } = parseFlakeReference(reference);
  return { source: `the flake ${quoted(flake)}`, words: ["--flake", flake] };
}

function usageOrigin(file: string, format: string | undefined): Origin {
  return {
    source: file === "-" ? "standard input" : quoted(file),
    words: [
      ...flagWords("--usage", file),
      ...(format === undefined ? [] : ["--usage-format", format]),
    ],
  };
}

/** What a command line reads the usage from. */
export function originOf(args: Pick<GenArguments, "flake" | "usage" | "usage-format">): Origin {
  if (args.flake !== undefined) return flakeOrigin(args.flake);
  return usageOrigin(args.usage ?? "", args["usage-format"]);
}
