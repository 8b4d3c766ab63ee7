import type { Argv } from "yargs";
import { compile } from "../compile.ts";
import { examples } from "../examples.ts";
import type { GenArguments } from "../options/GenArguments.ts";
import { genOptions } from "../options/genOptions.ts";
import { printResult } from "../printResult.ts";
import { singleValues } from "../singleValues.ts";
import { writeOutput } from "../writeOutput.ts";
import type { Invocation } from "./Invocation.ts";

const EXAMPLES = examples({
  "the module of one host": "$0 gen --flake . --host hyp-01 --out microvm-sweep.nix",
  "with options for nix after --": "$0 gen --flake .#hyp-01 -- --impure",
  "from a usage made before": "$0 gen --usage fleet.jsonl --host hyp-01",
  "only the Bash in the module": "$0 gen --usage usage.json --format script",
});

function build(parser: Argv) {
  return parser
    .options(genOptions)
    .usage("$0 gen (--flake REF | --usage FILE) [--host NAME] [--out FILE] [-- NIX OPTIONS]")
    .example(EXAMPLES)
    .check(singleValues);
}

/** `gen`: compiles the usage of one host into a NixOS module, or into the script in it. */
export function gen(parser: Argv, invocation: Invocation): Argv {
  return parser.command("gen", "generate the module of a host", build, async (argv) => {
    const args = argv as unknown as GenArguments & { readonly out: string };
    const { text } = await compile(args, args.out, invocation);
    if (args.out === "-") return printResult(text);
    const written = await writeOutput(args.out, text);
    invocation.messages.note(written ? `wrote ${args.out}` : `${args.out} is up to date`);
  });
}
