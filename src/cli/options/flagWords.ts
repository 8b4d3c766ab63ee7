/** A flag and its value as words that yargs reads back; a value like an option has to be tied to its flag. */
export function flagWords(flag: string, value: string): string[] {
  return value.startsWith("-") && value !== "-" ? [`${flag}=${value}`] : [flag, value];
}
