import type { Argv } from "yargs";
import { nearest } from "../diagnostics/wording.ts";
import { release } from "../page/program.ts";
import { REMOVED_SETTINGS, REMOVED_VALUES } from "../policy/policy.ts";
import { type CheckArguments, check } from "./commands/check.ts";
import { type GenArguments, gen } from "./commands/gen.ts";
import { type ExprArguments, expr, type SchemaArguments, schema } from "./commands/print.ts";
import { type ReportArguments, report } from "./commands/report.ts";
import { type CompletionArguments, complete, completion } from "./completion.ts";
import { argumentFailure, CliFailure, EXIT } from "./failure.ts";
import { type Examples, helpText, helpWidth } from "./help.ts";
import type { Messages } from "./messages.ts";
import { ATTRIBUTE, CHECK_OPTIONS, GEN_OPTIONS, LIST_OPTIONS, MESSAGE_OPTIONS } from "./options.ts";
import { printResult } from "./output.ts";

const NAME = "microvm-sweep";
const HELP_HINT = `see ${NAME} --help, or --help after a command`;

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

/** Says what takes the place of an option or a value of an older release. */
function removedFailure(message: string): CliFailure | undefined {
  for (const { flag, instead } of REMOVED_SETTINGS) {
    if (new RegExp(`^Unknown arguments?:(.*,)? ${flag}(,|$)`).test(message)) {
      return argumentFailure(`--${flag} is gone since release 0.3`, instead);
    }
  }
  for (const [flag, values] of Object.entries(REMOVED_VALUES)) {
    const value = new RegExp(`^--${flag} takes .*, not (.*)$`).exec(message)?.[1];
    const instead = values[value ?? ""];
    if (instead !== undefined) return argumentFailure(message, instead);
  }
  return undefined;
}

/** The hint for a word that yargs does not know, where one that it knows is near. */
function spellingHint(message: string): string | undefined {
  const word = /^Unknown arguments?: ([^\s,]+)/.exec(message)?.[1];
  if (word === undefined) return undefined;
  if (COMMAND_NAMES.includes(word)) return "one command at a time";
  const options = [...Object.keys(MESSAGE_OPTIONS), ...Object.keys(GEN_OPTIONS), "file"];
  const best = nearest(word, [...COMMAND_NAMES, ...options]);
  if (best === undefined) return undefined;
  return `did you mean ${COMMAND_NAMES.includes(best) ? best : `--${best}`}?`;
}

/** The words of yargs that can be replaced as they stand. It has no command for the others: `reword` does. */
const STRINGS = { "Not enough arguments following: %s": "--%s needs a value" } as const;

const CHOICES = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** Puts what yargs says of a missing argument, or of a value that is none of the choices, in our words. */
function reword(message: string, command: Command | undefined): string {
  if (message.startsWith("Not enough non-option arguments") && command?.needs !== undefined) {
    return `${command.name} needs ${command.needs}`;
  }
  const values = (list = "") => JSON.parse(`[${list}]`) as string[];
  const wrong = message.matchAll(/^ *Argument: ([^\n]*), Given: ([^\n]*), Choices: ([^\n]*)$/gm);
  const sentences = [...wrong].map(([, name = "", given, choices]) => {
    const what = command?.positionals.includes(name) ? command.name : `--${name}`;
    const found = values(given).join(" ");
    return `${what} takes ${CHOICES.format(values(choices))}${found === "" ? "" : `, not ${found}`}`;
  });
  return sentences.length === 0 ? message.replaceAll(/\s*\n\s*/g, " ") : sentences.join("; ");
}

/**
 * Turns what yargs says into a failure. Our own failures and bugs of this program are thrown again;
 * everything else is yargs rejecting the command line, sometimes with an error of its own.
 */
function fail(message: string | undefined, error: unknown, command?: Command): never {
  if (error instanceof CliFailure) throw error;
  if (error instanceof Error && error.name !== "YError" && message !== error.message) throw error;
  const text = reword(message ?? String(error), command);
  throw removedFailure(text) ?? argumentFailure(text, spellingHint(text) ?? HELP_HINT);
}

/**
 * Refuses an option that every object has, such as `--valueOf`: yargs keeps what it knows of an option in
 * plain objects, finds something there for these, and fails. What follows `--` is for nix.
 */
function refuseInheritedOptions(args: readonly string[]): void {
  const end = args.indexOf("--");
  for (const word of end < 0 ? args : args.slice(0, end)) {
    const option = /^--([^=]+)/.exec(word)?.[1];
    if (option !== undefined && option in Object.prototype) {
      throw argumentFailure(`Unknown argument: ${option}`, HELP_HINT);
    }
  }
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

function buildGen(parser: Argv): Argv {
  return parser.options(GEN_OPTIONS).check(checkSingleValues);
}

function buildCheck(parser: Argv): Argv {
  const file = {
    type: "string",
    requiresArg: true,
    group: "Input:",
    describe: "the generated file, in place of the argument",
  } as const;
  return parser
    .positional("path", {
      type: "string",
      describe: "the generated file; with --all the directory",
    })
    .options({ file, ...CHECK_OPTIONS })
    .check(checkSingleValues);
}

function buildExpr(parser: Argv): Argv {
  const host = {
    type: "string",
    requiresArg: true,
    describe: "look at this configuration only",
  } as const;
  const format = {
    choices: ["json", "json-lines"],
    requiresArg: true,
    default: "json",
    describe: "what the extractor makes: a document, or of one host a line of JSON Lines",
  } as const;
  const engine = {
    choices: ["nix-eval-jobs"],
    requiresArg: true,
    describe: "print the command of this program that evaluates all hosts, for gen --all",
  } as const;
  const options = { host, "usage-format": format, for: engine, attr: ATTRIBUTE };
  return parser.options(options).check(checkSingleValues);
}

function buildSchema(parser: Argv): Argv {
  return parser.positional("document", {
    choices: ["usage", "plan"],
    default: "usage",
    describe: "what gen reads, or what sweep-microvms plan --json prints",
  });
}

function buildReport(parser: Argv): Argv {
  const out = {
    type: "string",
    requiresArg: true,
    default: "-",
    group: "Output:",
    describe: "the HTML file to write, - for standard output",
  } as const;
  return parser
    .positional("plans", {
      type: "string",
      array: true,
      demandOption: true,
      describe: "what sweep-microvms plan --json has printed, one file a host",
    })
    .options({ out })
    .check(checkSingleValues);
}

function buildCompletion(parser: Argv): Argv {
  return parser.positional("shell", {
    choices: ["bash", "zsh", "fish"],
    demandOption: true,
    describe: "the shell that reads it",
  });
}

/** A command of the command line. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly positionals: string;
  readonly describe: string;
  /** What is said to be missing where an argument that yargs demands is. */
  readonly needs?: string;
  readonly examples: Examples;
  readonly build: (parser: Argv) => Argv;
  /** Runs it with what yargs has made of the words; returns the exit status. */
  readonly run: (args: unknown, messages: Messages) => Promise<number>;
}

/** Every command that the help lists. */
export const COMMANDS: readonly Command[] = [
  {
    name: "gen",
    usage: "$0 gen (--flake REF | --usage FILE) [--host NAME] [--out FILE] [-- NIX OPTIONS]",
    positionals: "",
    describe: "generate the page of a host",
    examples: {
      "the page of one host, and the program beside it":
        "$0 gen --flake . --host hyp-01 --out hosts/hyp-01.nix",
      "with options for nix after --": "$0 gen --flake .#hyp-01 -- --impure",
      "from a usage made before": "$0 gen --usage fleet.jsonl --host hyp-01",
      "the pages of all hosts": "$0 gen --all --usage fleet.jsonl --out-dir sweep",
    },
    build: buildGen,
    run: (args, messages) => gen(args as GenArguments, messages),
  },
  {
    name: "check",
    usage: "$0 check FILE (--flake REF | --usage FILE) [--host NAME] [-- NIX OPTIONS]",
    positionals: "[path]",
    describe: "compare a page and its program with what gen would write",
    examples: {
      "prints a diff and exits with 1 if the page or the program beside it is stale":
        "$0 check microvm-sweep.nix --flake .#hyp-01",
    },
    build: buildCheck,
    run: (args, messages) => check(args as CheckArguments, messages),
  },
  {
    name: "expr",
    usage: "$0 expr [--host NAME] [--usage-format FORMAT]",
    positionals: "",
    describe: "print the extractor, a Nix function",
    examples: {
      "the usage of every configuration of a flake":
        'nix --extra-experimental-features "nix-command flakes" eval --json .#nixosConfigurations --apply "$($0 expr)" > usage.json',
    },
    build: buildExpr,
    run: async (args) => expr(args as ExprArguments),
  },
  {
    name: "schema",
    usage: "$0 schema [usage | plan]",
    positionals: "[document]",
    describe: "print a JSON Schema",
    examples: {
      "for an editor": "$0 schema > usage.schema.json",
    },
    build: buildSchema,
    run: async (args) => schema(args as SchemaArguments),
  },
  {
    name: "report",
    usage: "$0 report PLAN... [--out FILE]",
    positionals: "<plans...>",
    describe: "join the plans of hosts into one HTML page",
    needs: "at least one plan file",
    examples: {
      "the plans of two hosts, each made with: ssh HOST sudo sweep-microvms plan --json > HOST.json":
        "$0 report hyp-01.json hyp-02.json --out report.html",
    },
    build: buildReport,
    run: (args, messages) => report(args as ReportArguments, messages),
  },
  {
    name: "completion",
    usage: "$0 completion SHELL",
    positionals: "<shell>",
    describe: "print what a shell reads to complete this program",
    needs: "a shell: bash, zsh or fish",
    examples: {
      "in ~/.bashrc": 'eval "$($0 completion bash)"',
    },
    build: buildCompletion,
    run: (args) => completion(args as CompletionArguments),
  },
];

const COMMAND_NAMES = COMMANDS.map(({ name }) => name);

const OVERVIEW_EXAMPLES: Examples = {
  "make the page of a host, then import and commit it":
    "$0 gen --flake . --host hyp-01 --out microvm-sweep.nix",
};

/** Parses strictly: what yargs does not know it refuses. It is loaded here, because it takes long. */
async function createParser(): Promise<Argv> {
  const { default: yargs } = await import("yargs");
  return yargs()
    .scriptName(NAME)
    .parserConfiguration(PARSER_CONFIGURATION)
    .locale("en")
    .updateStrings(STRINGS)
    .strict()
    .exitProcess(false)
    .version(release())
    .alias("help", "h")
    .wrap(helpWidth())
    .fail((message, error) => fail(message, error));
}

/** The command line without a command in front, for help and for errors. */
function addOverview(parser: Argv): Argv {
  return parser
    .options(MESSAGE_OPTIONS)
    .usage("$0 COMMAND\n\nMakes a NixOS module that removes what removed MicroVMs leave behind.")
    .demandCommand(1, 1, "a command is needed", "one command at a time")
    .epilogue(
      "Exit status: 0 done, 1 check found a difference, 2 bad input or arguments, 3 nix failed.",
    );
}

/** What yargs makes of a command line: a command to run, or the text of `--help` or `--version`. */
type Parsed =
  | { readonly command: Command; readonly args: unknown }
  | { readonly command?: never; readonly text: string };

/**
 * Parses a command line. A command that stands first is given to yargs as its default command, because
 * yargs renders the help of any other one before it runs it: a third of the time of `gen`.
 */
export async function parse(words: readonly string[]): Promise<Parsed> {
  let parsed: Parsed = { text: "" };
  const add = (parser: Argv, pattern: string, command: Command, build: Command["build"]) =>
    parser.command(
      `${pattern} ${command.positionals}`.trim(),
      command.describe,
      (own: Argv) => build(own).fail((message, error) => fail(message, error, command)),
      (args: unknown) => {
        parsed = { command, args };
      },
    );
  const first = COMMANDS.find(({ name }) => name === words[0]);
  const created = await createParser();
  const parser =
    first === undefined
      ? COMMANDS.reduce(
          (all, one) => add(all, one.name, one, (own) => one.build(own.usage(one.usage))),
          addOverview(created),
        )
      : add(created.usage(first.usage), "$0", first, (own) =>
          first.build(own).options(MESSAGE_OPTIONS),
        );
  parser.parse(words.slice(first === undefined ? 0 : 1), {}, (_error, args, text) => {
    if (text === "") return;
    const { help, _: alone } = args as { help?: boolean; _: readonly unknown[] };
    const command = first ?? COMMANDS.find(({ name }) => name === alone[0]);
    const examples = command?.examples ?? OVERVIEW_EXAMPLES;
    parsed = { text: help === true ? helpText(text, NAME, examples) : text };
  });
  return parsed;
}

/**
 * Runs a command line, without the name of the program.
 *
 * @returns the exit status
 * @throws CliFailure, Interruption
 */
export async function runCommandLine(
  words: readonly string[],
  messages: Messages,
): Promise<number> {
  // Before all else: what a shell asks for is no finished command line.
  if (words[0] === "complete") {
    return complete(words.slice(1), COMMANDS);
  }
  refuseInheritedOptions(words);
  const parsed = await parse(words);
  if (parsed.command !== undefined) return parsed.command.run(parsed.args, messages);
  await printResult(`${parsed.text}\n`);
  return EXIT.done;
}
