import { describeValue } from "./describeValue.ts";
import { nearest } from "./nearest.ts";

/** How a value is told that is none of the few that there are: all of these, and which was probably meant. */
export function unknownValue(
  value: unknown,
  known: readonly unknown[],
): { readonly message: string; readonly hint?: string } {
  const all = known.map((one) => describeValue(one)).join(", ");
  const choice = known.length === 1 ? all : `one of ${all}`;
  const message = `${choice} expected, ${describeValue(value)} found`;
  const names = known.filter((one) => typeof one === "string");
  const best = typeof value === "string" ? nearest(value, names) : undefined;
  return best === undefined
    ? { message }
    : { message, hint: `did you mean ${describeValue(best)}?` };
}
