import type { NixList } from "./brands.ts";
import { nixString } from "./nixString.ts";

/**
 * A Nix list of strings in the format of nixfmt: one item a line where there is more than one.
 *
 * @param indent the white space before the line that the list starts on
 */
export function nixStringList(values: readonly string[], indent: string): NixList {
  if (values.length === 0) return "[ ]" as NixList;
  const items = values.map(nixString);
  if (items.length === 1) return `[ ${items[0]} ]` as NixList;
  return `[\n${items.map((item) => `${indent}  ${item}\n`).join("")}${indent}]` as NixList;
}
