import { posix } from "node:path";
import { flagWords } from "./options/flagWords.ts";
import type { GenArguments } from "./options/GenArguments.ts";
import { policyWords } from "./options/policyWords.ts";
import { originOf } from "./originOf.ts";

/** `./a.nix` and `a.nix` are one file. */
function fileWord(file: string): string {
  return file === "-" ? file : posix.normalize(file);
}

function resultWords(args: GenArguments, out: string): string[] {
  return [
    ...(args.format === "module" ? [] : ["--format", args.format]),
    ...(args.backend === undefined || args.backend === "auto" ? [] : ["--backend", args.backend]),
    ...(out === "-" ? [] : flagWords("--out", fileWord(out))),
  ];
}

/**
 * The words of the command that makes a file again, for its header. One way to write them whatever
 * the order on the command line: input, host by name, policy, result, options of nix. What changes
 * messages alone is left out.
 */
export function recordedCommand(
  args: GenArguments,
  hostName: string,
  out: string,
): readonly string[] {
  const nix = args["--"] ?? [];
  return [
    "microvm-sweep",
    "gen",
    ...originOf(args).words,
    ...flagWords("--host", hostName),
    ...policyWords(args),
    ...resultWords(args, out),
    ...(nix.length === 0 ? [] : ["--", ...nix]),
  ];
}
