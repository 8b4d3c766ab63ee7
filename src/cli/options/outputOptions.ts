import { BACKENDS } from "../../policy/policy.ts";

/** Options that say what to emit. */
export const outputOptions = {
  format: {
    choices: ["module", "script"],
    default: "module",
    requiresArg: true,
    group: "Output:",
    describe: "a NixOS module, or only the Bash in it",
  },
  backend: {
    choices: BACKENDS,
    requiresArg: true,
    group: "Output:",
    describe: "what runs the script of a module; auto (the default) asks NixOS",
  },
  systemctl: {
    type: "string",
    requiresArg: true,
    group: "Output:",
    describe: "absolute path that a script uses [/run/current-system/sw/bin/systemctl]",
  },
} as const;
