import { inputOptions } from "./inputOptions.ts";
import { outputOptions } from "./outputOptions.ts";
import { policyOptions } from "./policyOptions.ts";

const out = {
  type: "string",
  default: "-",
  requiresArg: true,
  group: "Output:",
  describe: "file to write, - for standard output",
} as const;

/** All options of `gen` but the global ones, in the order of its help. */
export const genOptions = { ...inputOptions, out, ...outputOptions, ...policyOptions };
