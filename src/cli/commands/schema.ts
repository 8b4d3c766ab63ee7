import type { Argv } from "yargs";
import usageSchema from "../../usage/schema.generated.json" with { type: "json" };
import { examples } from "../examples.ts";
import { printResult } from "../printResult.ts";
import type { Invocation } from "./Invocation.ts";

/** `schema`: prints the JSON Schema of the usage document. */
export function schema(parser: Argv, _invocation: Invocation): Argv {
  return parser.command(
    "schema",
    "print the JSON Schema of the usage document",
    (command) =>
      command
        .usage("$0 schema")
        .example(examples({ "for an editor": "$0 schema > usage.schema.json" })),
    () => printResult(`${JSON.stringify(usageSchema, null, 2)}\n`),
  );
}
