import type { Argv } from "yargs";
import { documentExpression, hostLineExpression } from "../../nix/extractorExpressions.ts";
import { argumentFault } from "../argumentFault.ts";
import { examples } from "../examples.ts";
import { printResult } from "../printResult.ts";
import { singleValues } from "../singleValues.ts";
import type { Invocation } from "./Invocation.ts";

const host = {
  type: "string",
  requiresArg: true,
  describe: "look at this configuration alone",
} as const;

const format = {
  choices: ["json", "json-lines"],
  requiresArg: true,
  default: "json",
  describe: "what the extractor makes: a document, or of one host a line of JSON Lines",
} as const;

const COMMAND =
  'nix --extra-experimental-features "nix-command flakes" eval --json .#nixosConfigurations --apply "$($0 expr)" > usage.json';

function build(parser: Argv) {
  return (
    parser
      .options({ host, "usage-format": format })
      .usage("$0 expr [--host NAME] [--usage-format FORMAT]")
      .example(examples({ "the usage of every configuration of a flake": COMMAND }))
      // The command is longer than a line of help, and has to stay in one piece.
      .wrap(null)
      .check(singleValues)
  );
}

/** @throws CliFailure (`MS3001`) where one line is asked for and no host */
function extractor(format: string, host: string | undefined): string {
  if (format === "json") return documentExpression(host === undefined ? {} : { host });
  if (host !== undefined) return hostLineExpression(host);
  throw argumentFault("--usage-format json-lines is one host a line, so it needs --host");
}

/** `expr`: prints the Nix function that makes a usage of `nixosConfigurations`. */
export function expr(parser: Argv, _invocation: Invocation): Argv {
  return parser.command("expr", "print the extractor, a Nix function", build, async (argv) => {
    const text = extractor(argv["usage-format"], argv.host);
    await printResult(text.endsWith("\n") ? text : `${text}\n`);
  });
}
