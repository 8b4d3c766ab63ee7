import { describeValue } from "../../diagnostics/describeValue.ts";
import { autostartNames } from "./autostartNames.ts";
import type { Rule } from "./Rule.ts";

/** `autostart` is sorted by code unit (design, "The usage document"): equal hosts give equal text. */
export const AutostartIsSorted: Rule = function* (host, at) {
  const names = autostartNames(host);
  const wrong = names.findIndex(({ name }, i) => i > 0 && name < (names[i - 1]?.name ?? ""));
  const [before, found] = [names[wrong - 1], names[wrong]];
  if (before === undefined || found === undefined) return;
  yield {
    code: "MS1107",
    pointer: `${at}/autostart/${found.index}`,
    at: "value",
    message: `${describeValue(found.name)} stands behind ${describeValue(before.name)}, but the list is sorted`,
    hint: "make the document again with nix eval, which sorts it",
  };
};
