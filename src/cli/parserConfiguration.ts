/**
 * How yargs reads the command line: names are text and stay as they are given. No number is made of
 * `--keep 01`, no object of a dotted name, no negation of `--no-…`, and an option takes one word.
 */
export const PARSER_CONFIGURATION = {
  "boolean-negation": false,
  "camel-case-expansion": false,
  "dot-notation": false,
  "greedy-arrays": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "populate--": true,
} as const;
