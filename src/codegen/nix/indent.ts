/** Lines of Nix without the indentation of the place they end up in. */
export type NixText = readonly string[];

/** The lines, one level deeper. Empty lines stay empty. */
export function indent(lines: NixText): NixText {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}
