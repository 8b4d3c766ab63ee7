import type { NixText } from "./indent.ts";

/** Functions that extracted values go through, by name; each needs those before it. */
const HELPERS = {
  text: [
    "# A path value becomes its text and is not copied to the store; nothing is left to be built.",
    "text = value: builtins.unsafeDiscardStringContext (toString value);",
  ],
  textOrNull: ["textOrNull = value: if value == null then null else text value;"],
  sortedText: [
    "# Sorted, and each text once.",
    "sortedText = values: builtins.attrNames (builtins.groupBy text values);",
  ],
} as const;

/** The name of a helper. */
export type NixHelper = keyof typeof HELPERS;

/** The bindings of the helpers that are used, and of those they use. */
export function nixHelpers(used: ReadonlySet<NixHelper>): NixText {
  if (used.size === 0) return [];
  const names = (Object.keys(HELPERS) as NixHelper[]).filter(
    (name) => name === "text" || used.has(name),
  );
  return names.flatMap((name) => HELPERS[name]);
}
