const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * The name of an option that every object has, such as `valueOf`. yargs keeps what it knows of an option
 * in plain objects, finds something there for these, and fails.
 *
 * @param word a word of the command line
 */
export function inheritedOption(word: string): string | undefined {
  const name = /^--([^=]+)/.exec(word)?.[1];
  return name !== undefined && INHERITED.has(name) ? name : undefined;
}
