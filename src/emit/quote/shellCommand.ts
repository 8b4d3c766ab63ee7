import { bashWord } from "./bashWord.ts";

/** A command line that can be pasted into a shell, always on one line. */
export function shellCommand(words: readonly string[]): string {
  return words.map(bashWord).join(" ");
}
