import yargs, { type Argv } from "yargs";
import { Parser } from "yargs/helpers";
import { argumentFailure, type Failure } from "../diagnostics/failure.ts";
import { nearest } from "../diagnostics/wording.ts";
import { release } from "../page/program.ts";
import { REMOVED_SETTINGS, REMOVED_VALUES } from "../policy/policy.ts";
import {
  COMMANDS,
  type Command,
  commandNamed,
  type Examples,
  type Positional,
} from "./commands.ts";
import { helpText, helpWidth } from "./help.ts";
import { LIST_OPTIONS, MESSAGE_OPTIONS, type Option, type Options } from "./options.ts";

const NAME = "microvm-sweep";

/**
 * How yargs reads the command line: names are text and stay as they are given. No number is made of
 * `--keep 01`, no object of a dotted name, no negation of `--no-…`, and an option takes one word.
 */
const PARSER_CONFIGURATION = {
  "boolean-negation": false,
  "camel-case-expansion": false,
  "dot-notation": false,
  "greedy-arrays": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "populate--": true,
} as const;

/** What yargs makes of words: options by name, other words in `_`, and what follows `--`. */
export interface Arguments extends Readonly<Record<string, unknown>> {
  readonly _: readonly string[];
}

/** A command line after yargs: a command to run, a text to print, or why neither. */
export interface CommandLine {
  /** Present where the line is wrong too: the message options in it say how to report that. */
  readonly args: Arguments;
  readonly command?: Command | undefined;
  /** The text of `--help` or `--version`. */
  readonly text?: string;
  readonly failure?: Failure;
}

/**
 * Parses a command line with yargs, which is strict: what it does not know it refuses. Loading it and
 * parsing take about 30 ms of a start, as long as Node itself takes; the commands load what they need.
 */
export function parseCommandLine(words: readonly string[]): CommandLine {
  let line: CommandLine = { args: { _: [] } };
  try {
    createParser().parse(words, {}, (error, argv, text) => {
      const args = argv as unknown as Arguments;
      const command = commandNamed(args._[0]);
      if (error) line = { args, failure: explain(error.message, args, command) };
      else if (text === "") line = { args, command };
      else line = { args, text: args["help"] === true ? help(text, command) : text };
    });
  } catch {
    // yargs keeps what it knows of an option in plain objects. For a name such as --valueOf it finds
    // there what every object inherits, and fails.
    line = { ...line, failure: argumentFailure("Unknown argument", HELP_HINT) };
  }
  return line;
}

function createParser(): Argv {
  const parser = yargs()
    .scriptName(NAME)
    .parserConfiguration(PARSER_CONFIGURATION)
    .locale("en")
    .updateStrings({ "Not enough arguments following: %s": "--%s needs a value" })
    .strict()
    .exitProcess(false)
    .version(release())
    .alias("help", "h")
    .wrap(helpWidth())
    .options(MESSAGE_OPTIONS)
    .usage("$0 COMMAND\n\nMakes a NixOS module that removes what removed MicroVMs leave behind.")
    .demandCommand(1, 1, "a command is needed", "one command at a time")
    .epilogue(
      "Exit status: 0 done, 1 check found a difference, 2 bad input or arguments, 3 nix failed.",
    );
  return COMMANDS.reduce(addCommand, parser);
}

/** Reads the words of a command before they are complete, for completion: it refuses nothing. */
export function readUnfinished(words: readonly string[], options: Options): Arguments {
  const named = (isOne: (option: Option) => boolean) =>
    Object.keys(options).filter((name) => isOne(options[name] as Option));
  return Parser([...words], {
    configuration: PARSER_CONFIGURATION,
    boolean: named(({ type }) => type === "boolean"),
    array: named(({ array }) => array === true),
    string: named(({ type }) => type !== "boolean"),
  }) as unknown as Arguments;
}

const WORD_OF_COUNT = { one: "<%s>", optional: "[%s]", many: "<%s...>" } as const;

function addCommand(parser: Argv, command: Command): Argv {
  const { name, describe, options, positional } = command;
  const word = positional && WORD_OF_COUNT[positional.count].replace("%s", positional.name);
  return parser.command(
    word === undefined ? name : `${name} ${word}`,
    describe,
    (own) => {
      const built = own.usage(command.usage).options(options).check(checkSingleValues);
      return positional === undefined ? built : addPositional(built, positional);
    },
    () => {},
  );
}

function addPositional(parser: Argv, { name, count, needed: _, ...positional }: Positional): Argv {
  const type = positional.choices === undefined ? ({ type: "string" } as const) : {};
  const demandOption = count !== "optional";
  return parser.positional(name, { ...type, ...positional, array: count === "many", demandOption });
}

/** Options that yargs may make a list of; `_` and `--` are its names for the other words. */
const LISTS = new Set(["_", "--", "plans", ...LIST_OPTIONS]);

/**
 * Refuses an option that takes one value and is given twice, because neither value would be the right
 * choice, and one whose value is empty, as after a variable that is not set.
 *
 * @throws Error with the message for the user
 */
function checkSingleValues(argv: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(argv)) {
    if (value === "" && name !== "path") throw new Error(`--${name} has no value`);
    if (!Array.isArray(value) || LISTS.has(name)) continue;
    throw new Error(`--${name} is given ${value.length} times and takes one value`);
  }
  return true;
}

const OVERVIEW_EXAMPLES: Examples = {
  "make the page of a host, then import and commit it":
    "$0 gen --flake . --host hyp-01 --out microvm-sweep.nix",
};

function help(text: string, command: Command | undefined): string {
  return helpText(text, NAME, command?.examples ?? OVERVIEW_EXAMPLES);
}

const HELP_HINT = `see ${NAME} --help, or --help after a command`;

/** Puts what yargs says into our words, with a hint. */
function explain(message: string, args: Arguments, command: Command | undefined): Failure {
  const [first] = args._;
  if (command === undefined && first !== undefined) {
    return argumentFailure(`there is no command ${first}`, commandHint(first));
  }
  const text = reword(message, command);
  const unknown = /^Unknown arguments?: (.*)$/.exec(text)?.[1]?.split(", ") ?? [];
  const removed = REMOVED_SETTINGS.find(({ flag }) => unknown.includes(flag));
  if (removed !== undefined) {
    return argumentFailure(`--${removed.flag} is gone since release 0.3`, removed.instead);
  }
  const [word = ""] = unknown;
  return argumentFailure(text, removedValue(args) ?? wordHint(word, command) ?? HELP_HINT);
}

/** What takes the place of a value of an older release. */
function removedValue(args: Arguments): string | undefined {
  return Object.entries(REMOVED_VALUES)
    .map(([flag, values]) => values[String(args[flag])])
    .find((instead) => instead !== undefined);
}

const CHOICES = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** Rewords what yargs says of a missing argument, or of a value that is none of the choices. */
function reword(message: string, command: Command | undefined): string {
  const { positional } = command ?? {};
  if (message.startsWith("Not enough non-option arguments") && positional?.needed !== undefined) {
    return `${command?.name} needs ${positional.needed}`;
  }
  const values = (list = "") => JSON.parse(`[${list}]`) as string[];
  const wrong = message.matchAll(/^ *Argument: ([^\n]*), Given: ([^\n]*), Choices: ([^\n]*)$/gm);
  const sentences = [...wrong].map(([, name = "", given, choices]) => {
    const what = name === positional?.name ? command?.name : `--${name}`;
    const found = values(given).join(" ");
    return `${what} takes ${CHOICES.format(values(choices))}${found === "" ? "" : `, not ${found}`}`;
  });
  return sentences.length === 0 ? message.replaceAll(/\s*\n\s*/g, " ") : sentences.join("; ");
}

const COMMAND_NAMES = COMMANDS.map(({ name }) => name);

/** The commands of the program on the host that this one does not have. */
const HOST_COMMANDS = new Set(["plan", "explain", "run", "archive", "delete"]);

function commandHint(word: string): string {
  if (HOST_COMMANDS.has(word)) return `${word} is a command of sweep-microvms, on the host`;
  const best = nearest(word, COMMAND_NAMES);
  return best === undefined ? HELP_HINT : `did you mean ${best}?`;
}

/** Options of nix that people write before `--`. */
const NIX_OPTIONS = new Set(
  (
    "impure override-input refresh offline show-trace option accept-flake-config no-write-lock-file " +
    "no-update-lock-file recreate-lock-file update-input extra-experimental-features eval-store"
  ).split(" "),
);

function wordHint(word: string, command: Command | undefined): string | undefined {
  if (NIX_OPTIONS.has(word)) return `options for nix come last, after --: -- --${word}`;
  if (COMMAND_NAMES.includes(word)) return "one command at a time";
  const options = Object.keys({ ...MESSAGE_OPTIONS, ...command?.options });
  const best = nearest(word, options);
  return best === undefined ? undefined : `did you mean --${best}?`;
}
