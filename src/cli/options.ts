import { posix } from "node:path";
import { argumentFailure } from "../diagnostics/failure.ts";
import { visible } from "../diagnostics/render.ts";
import { shellCommand } from "../page/quote.ts";
import { isLimit, POLICY, type PolicyRow, type PolicySettings } from "../policy/policy.ts";

/** An option as yargs takes it. */
export interface Option {
  readonly type?: "string" | "boolean";
  readonly choices?: readonly string[];
  readonly array?: boolean;
  readonly default?: string | boolean;
  readonly defaultDescription?: string;
  readonly requiresArg?: boolean;
  readonly group?: string;
  /** What it is. Each further line says what one of its values does. */
  readonly describe: string;
}

/** What an option is, without what its values do. */
export function summary({ describe = "" }: Partial<Option>): string {
  return describe.split("\n", 1).join();
}

export type Options = Readonly<Record<string, Option>>;

/** Options of every command: how the program talks to its user. */
export const MESSAGE_OPTIONS: Options = {
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
};

/** What yargs adds to every command. */
export const HELP_OPTIONS: Options = {
  help: { type: "boolean", group: "Messages:", describe: "show help" },
  version: { type: "boolean", group: "Messages:", describe: "show the version number" },
};

/** The option of every command that names the configurations of a flake. */
export const ATTRIBUTE: Option = {
  type: "string",
  requiresArg: true,
  group: "Input:",
  defaultDescription: "nixosConfigurations",
  describe: "where the flake has its NixOS configurations, such as colmenaHive.nodes",
};

const INPUT_OPTIONS: Options = {
  flake: {
    type: "string",
    requiresArg: true,
    group: "Input:",
    describe: "evaluate this flake with nix; REF#HOST names the host too",
  },
  attr: ATTRIBUTE,
  usage: {
    type: "string",
    requiresArg: true,
    group: "Input:",
    describe: "read a usage document, - for standard input",
  },
  "usage-format": {
    choices: ["json", "json-lines", "nix-eval-jobs"],
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
};

const OUT: Option = {
  type: "string",
  default: "-",
  requiresArg: true,
  group: "Output:",
  describe: "file to write, - for standard output",
};

const FORCE: Option = {
  type: "boolean",
  group: "Output:",
  describe: "replace a page, an index and a program that somebody edited",
};

const COMMAND: Option = {
  type: "string",
  requiresArg: true,
  group: "Output:",
  describe: "what a reader types to make the files again, for messages; this command without it",
};

const ALL: Options = {
  all: {
    type: "boolean",
    group: "Fleet:",
    describe: "all hosts of the input that are no MicroVMs themselves",
  },
};

const FLEET_OPTIONS: Options = {
  ...ALL,
  "out-dir": {
    type: "string",
    requiresArg: true,
    group: "Fleet:",
    describe: "directory for the pages, the program and the index default.nix",
  },
  json: { type: "boolean", group: "Fleet:", describe: "print the summary as JSON" },
};

const ROWS: readonly PolicyRow[] = POLICY;

function isList({ kind }: PolicyRow): boolean {
  return kind === "names";
}

function policyOption(row: PolicyRow): Option {
  const common = { group: "Policy:", describe: row.description, requiresArg: true };
  if (row.kind === "choice") {
    const values = Object.entries(row.values).map(([word, meaning]) => `${word}: ${meaning}`);
    return {
      ...common,
      describe: [row.description, ...values].join("\n"),
      choices: Object.keys(row.values),
      defaultDescription: row.default,
    };
  }
  if (isList(row)) {
    return {
      ...common,
      describe: `${row.description}; repeat it for each`,
      type: "string",
      array: true,
    };
  }
  const defaultDescription = String(row.default ?? "none");
  // yargs keeps what has no type as text, and help would call a text what takes a number.
  return { ...common, defaultDescription };
}

const POLICY_OPTIONS: Options = {
  config: {
    type: "string",
    requiresArg: true,
    group: "Policy:",
    describe: "read the policy from a JSON file; a flag replaces what it sets",
  },
  ...Object.fromEntries(ROWS.map((row) => [row.flag, policyOption(row)])),
};

/** The options of `check`, in the order of its help. */
export const CHECK_OPTIONS: Options = {
  ...INPUT_OPTIONS,
  command: COMMAND,
  ...ALL,
  diff: {
    type: "boolean",
    group: "Fleet:",
    describe: "print a diff for each file that is out of date; without --all it is always printed",
  },
  ...POLICY_OPTIONS,
};

/** The options of `gen`, in the order of its help. */
export const GEN_OPTIONS: Options = {
  ...INPUT_OPTIONS,
  out: OUT,
  force: FORCE,
  command: COMMAND,
  ...FLEET_OPTIONS,
  ...POLICY_OPTIONS,
};

/** Options that may be given more than once. */
export const LIST_OPTIONS: readonly string[] = ROWS.filter(isList).map(({ flag }) => flag);

/** A command line of `gen` or `check` after yargs. The policy flags are in it under their names. */
export interface CompileArguments {
  readonly flake?: string;
  readonly attr?: string;
  readonly usage?: string;
  readonly "usage-format"?: "json" | "json-lines" | "nix-eval-jobs";
  readonly host?: string;
  readonly all?: boolean;
  readonly config?: string;
  /** What a reader types in place of the command line. */
  readonly command?: string;
  /** What follows `--`: options for nix. */
  readonly "--"?: readonly string[];
}

/** The command line of `gen`. */
export interface GenArguments extends CompileArguments {
  readonly out: string;
  readonly "out-dir"?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** The command line of `check`. */
export interface CheckArguments extends CompileArguments {
  readonly path?: string;
  readonly file?: string;
  readonly diff?: boolean;
}

function flagValue(args: CompileArguments, { flag }: PolicyRow): unknown {
  return (args as unknown as Readonly<Record<string, unknown>>)[flag];
}

function numberOf(flag: string, text: unknown): number {
  const number = /^(0|[1-9]\d*)$/.test(String(text)) ? Number(text) : undefined;
  if (isLimit(number)) return number;
  throw argumentFailure(`--${flag} takes a whole number of 0 or more, not ${text}`);
}

/**
 * The settings that the flags of a command line make.
 *
 * @throws Failure where the value of a number is none
 */
export function flagSettings(args: CompileArguments): PolicySettings {
  const given = ROWS.flatMap((row) => {
    const value = flagValue(args, row);
    if (value === undefined) return [];
    return [[row.key, row.kind === "number" ? numberOf(row.flag, value) : value]];
  });
  return Object.fromEntries(given);
}

/** A flag and its value as words that yargs reads back. A value that looks like an option is tied to its flag. */
function flagWords(flag: string, value: string): string[] {
  return value.startsWith("-") && value !== "-" ? [`--${flag}=${value}`] : [`--${flag}`, value];
}

/** A list's words in a fixed order: the order of repeated flags means nothing. */
function listWords(flag: string, values: readonly string[]): string[] {
  // yargs takes a lone dash as the value of an option with one value, but not of a list.
  return [...new Set(values)]
    .sort()
    .flatMap((value) => (value === "-" ? [`--${flag}=-`] : flagWords(flag, value)));
}

function policyWords(args: CompileArguments): string[] {
  return ROWS.flatMap((row) => {
    const value = flagValue(args, row);
    if (value === undefined) return [];
    return Array.isArray(value) ? listWords(row.flag, value) : flagWords(row.flag, String(value));
  });
}

function optionalWords(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : flagWords(flag, value);
}

/**
 * The command that makes a file again, as a line for a shell: that of `--command`, or else this command line.
 * Its words have one order whatever the order on the command line was; what changes messages alone is left out.
 *
 * @param out the file, `-` for standard output
 * @throws Failure where `--command` is more than one line, or hides text
 */
export function regenerationCommand(args: CompileArguments, hostName: string, out: string): string {
  return commandLine(args, flagWords("host", hostName), outWords("out", out));
}

/** The same for the `gen --all` command that makes the pages of a fleet again. */
export function fleetCommand(args: CompileArguments, directory: string): string {
  return commandLine(args, ["--all"], outWords("out-dir", directory));
}

function commandLine(
  args: CompileArguments,
  hosts: readonly string[],
  output: readonly string[],
): string {
  const { command } = args;
  if (command === undefined) return shellCommand(commandWords(args, hosts, output));
  if (visible(command) !== command || command.includes("\n")) {
    throw argumentFailure("--command takes one line of text that a terminal shows");
  }
  return command;
}

/** Asks a reader to run a command. One that reads a saved usage would only repeat it. */
export function remedy(command: string): string {
  const first = / --usage(?: |=)(?!- )/.test(command)
    ? "make the usage again first, then run"
    : "run";
  return `to make it again, ${first}: ${command}`;
}

function outWords(flag: string, out: string): string[] {
  return out === "-" ? [] : flagWords(flag, posix.normalize(out));
}

function commandWords(
  args: CompileArguments,
  hosts: readonly string[],
  output: readonly string[],
): readonly string[] {
  const { flake, usage, config } = args;
  const nix = args["--"] ?? [];
  return [
    "microvm-sweep",
    "gen",
    ...optionalWords("flake", flake && parseFlakeReference(flake).flake),
    ...optionalWords("attr", args.attr),
    ...optionalWords("usage", usage),
    ...optionalWords("usage-format", args["usage-format"]),
    ...hosts,
    ...optionalWords("config", config),
    ...policyWords(args),
    ...output,
    ...(nix.length === 0 ? [] : ["--", ...nix]),
  ];
}

/** A flake as the user named it. */
export interface FlakeReference {
  /** The part before `#`. */
  readonly flake: string;
  /** The part after `#`, with percent signs decoded as Nix does. Missing where it is empty. */
  readonly fragment?: string;
}

/** Splits `REF#FRAGMENT` at the first `#`, as Nix does (Nix manual, "Flake output attribute"). */
export function parseFlakeReference(reference: string): FlakeReference {
  const hash = reference.indexOf("#");
  if (hash < 0) return { flake: reference };
  const flake = reference.slice(0, hash);
  const fragment = decodePercent(reference.slice(hash + 1));
  return fragment === "" ? { flake } : { flake, fragment };
}

function decodePercent(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
