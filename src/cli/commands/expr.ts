import type { Argv } from "yargs";
import { documentExpression } from "../../nix/documentExpression.ts";
import { printResult } from "../printResult.ts";
import { singleValues } from "../singleValues.ts";
import type { Invocation } from "./Invocation.ts";

const host = {
  type: "string",
  requiresArg: true,
  describe: "look at this configuration alone",
} as const;

const COMMAND =
  'nix --extra-experimental-features "nix-command flakes" eval --json .#nixosConfigurations --apply "$($0 expr)" > usage.json';

function build(parser: Argv) {
  return parser
    .options({ host })
    .usage("$0 expr [--host NAME]")
    .example(COMMAND, "the usage of every configuration of a flake")
    .check(singleValues);
}

/** `expr`: prints the Nix function that makes a usage document of `nixosConfigurations`. */
export function expr(parser: Argv, _invocation: Invocation): Argv {
  return parser.command("expr", "print the extractor, a Nix function", build, async (argv) => {
    const { host } = argv;
    const text = documentExpression(host === undefined ? {} : { host });
    await printResult(text.endsWith("\n") ? text : `${text}\n`);
  });
}
