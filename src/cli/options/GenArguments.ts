import type { InferredOptionTypes } from "yargs";
import type { globalOptions } from "./globalOptions.ts";
import type { inputOptions } from "./inputOptions.ts";
import type { outputOptions } from "./outputOptions.ts";
import type { policyOptions } from "./policyOptions.ts";

/** What a command line that compiles a host comes to, and what follows `--` in it. */
export type GenArguments = InferredOptionTypes<
  typeof globalOptions & typeof inputOptions & typeof outputOptions & typeof policyOptions
> & { readonly "--"?: readonly string[] | undefined };
