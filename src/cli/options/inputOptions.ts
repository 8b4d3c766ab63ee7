/** Options that say which host to compile, and from what. */
export const inputOptions = {
  flake: {
    type: "string",
    requiresArg: true,
    group: "Input:",
    describe: "evaluate this flake with nix; REF#HOST names the host too",
  },
  usage: {
    type: "string",
    requiresArg: true,
    group: "Input:",
    describe: "read a usage document, - for standard input",
  },
  "usage-format": {
    choices: ["json", "json-lines"],
    requiresArg: true,
    group: "Input:",
    describe: "format of --usage; .jsonl and .ndjson are JSON Lines, else JSON",
  },
  host: {
    type: "string",
    requiresArg: true,
    group: "Input:",
    describe: "name in nixosConfigurations; needed unless there is one host only",
  },
} as const;
