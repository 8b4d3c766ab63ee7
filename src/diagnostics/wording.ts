import { closest, distance } from "fastest-levenshtein";

/** The longest text that a message shows whole. */
const LONGEST = 60;
/** The most names that a hint lists. */
const MOST_NAMES = 20;

/** Describes a JSON value in a few words for a message. */
export function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

/**
 * Finds the candidate that `word` probably misspells: at most a third of its letters differ, or it has
 * the same letters in another order.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(word, candidates);
  if (distance(word, best) <= Math.max(1, Math.floor(best.length / 3))) return best;
  return candidates.find((candidate) => sortedLetters(candidate) === sortedLetters(word));
}

function sortedLetters(word: string): string {
  return [...word].sort().join("");
}

/** Writes the hint for an unknown word: the nearest candidate, or else a list of the candidates. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const best = nearest(word, candidates);
  if (best !== undefined) return `did you mean ${describeValue(best)}?`;
  const listed = candidates.slice(0, MOST_NAMES).map((candidate) => describeValue(candidate));
  const more = candidates.length > listed.length ? ", …" : "";
  return listed.length === 0 ? "there are none" : `there are ${listed.join(", ")}${more}`;
}

/** Writes message and hint for a value that is not one of the few `known` ones. */
export function unknownValue(
  value: unknown,
  known: readonly unknown[],
): { readonly message: string; readonly hint?: string } {
  const all = known.map((one) => describeValue(one)).join(", ");
  const expected = known.length === 1 ? all : `one of ${all}`;
  const message = `${expected} expected, ${describeValue(value)} found`;
  const names = known.filter((one) => typeof one === "string");
  const best = typeof value === "string" ? nearest(value, names) : undefined;
  return best === undefined
    ? { message }
    : { message, hint: `did you mean ${describeValue(best)}?` };
}
