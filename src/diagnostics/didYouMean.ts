import { describeValue } from "./describeValue.ts";
import { nearest } from "./nearest.ts";

/** The hint for an unknown word: what was probably meant, else all that is known, as far as that helps. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const best = nearest(word, candidates);
  if (best !== undefined) return `did you mean ${describeValue(best)}?`;
  const some = candidates.slice(0, 20).map((candidate) => describeValue(candidate));
  const more = candidates.length > some.length ? ", …" : "";
  return some.length === 0 ? "none is known here" : `known are ${some.join(", ")}${more}`;
}
