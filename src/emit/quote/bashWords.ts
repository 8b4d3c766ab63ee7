import { bashWord } from "./bashWord.ts";
import type { BashWords } from "./brands.ts";

/** The words of a Bash array, on one line while they are few, else one a line. */
export function bashWords(values: readonly string[]): BashWords {
  const words = values.map(bashWord);
  const line = words.join(" ");
  return (line.length <= 80 ? line : `\n  ${words.join("\n  ")}\n`) as BashWords;
}
