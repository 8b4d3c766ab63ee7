import { describeValue } from "../../diagnostics/describeValue.ts";
import type { Rule } from "./Rule.ts";

/** `autostart` is sorted by code unit (design, "The usage document"): equal hosts give equal text. */
export const AutostartIsSorted: Rule = ({ autostart }, at, report) => {
  const index = autostart.findIndex((name, i) => i > 0 && name < (autostart[i - 1] ?? ""));
  if (index < 0) return;
  report({
    code: "MS1107",
    pointer: `${at}/autostart/${index}`,
    at: "value",
    message: `${describeValue(autostart[index])} stands behind ${describeValue(autostart[index - 1])}, but the list is sorted`,
    hint: "make the document again with nix eval, which sorts it",
  });
};
