import { closest, distance } from "fastest-levenshtein";

/** The letters of a word, whatever their order. */
function letters(word: string): string {
  return [...word].sort().join("");
}

/**
 * The candidate that `word` is probably a misspelling of: at most a third of its letters differ, or they
 * are the same in another order.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(word, candidates);
  if (distance(word, best) <= Math.max(1, Math.floor(best.length / 3))) return best;
  return candidates.find((candidate) => letters(candidate) === letters(word));
}
