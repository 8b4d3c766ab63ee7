/** Options of every command: how the program talks to its user. */
export const globalOptions = {
  quiet: {
    type: "boolean",
    default: false,
    group: "Messages:",
    describe: "print errors only: no progress, no notes, no warnings",
  },
  diagnostics: {
    choices: ["text", "json"],
    default: "text",
    requiresArg: true,
    group: "Messages:",
    describe: "how to print errors and warnings on standard error",
  },
  "warnings-as-errors": {
    type: "boolean",
    default: false,
    group: "Messages:",
    describe: "let a warning fail the run",
  },
} as const;
