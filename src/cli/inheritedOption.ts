const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

function inherited(word: string): string | undefined {
  const name = /^--([^=]+)/.exec(word)?.[1];
  return name !== undefined && INHERITED.has(name) ? name : undefined;
}

/**
 * The name of the first option that every object has, such as `valueOf`. yargs keeps what it knows of an
 * option in plain objects, finds something there for these, and fails.
 *
 * @param args a command line; what follows `--` in it holds no option of ours
 */
export function inheritedOption(args: readonly string[]): string | undefined {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).map(inherited).find((name) => name !== undefined);
}
