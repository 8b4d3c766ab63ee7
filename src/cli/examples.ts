/**
 * Examples for yargs, from what each is for to its command line. A column for both would break the
 * command, and what is broken cannot be copied: each has a line of its own, the purpose as a comment.
 */
export function examples(commands: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(commands).flatMap(([purpose, command]): [string, string][] => [
    [`# ${purpose}`, ""],
    [command, ""],
  ]);
}
