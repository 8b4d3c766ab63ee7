import type { Messages } from "./messages.ts";
import { ATTRIBUTE, CHECK_OPTIONS, GEN_OPTIONS, type Option, type Options } from "./options.ts";

/** Command lines by the purpose of each. `$0` is the program. */
export type Examples = Readonly<Record<string, string>>;

/** What a command takes beside options. */
export interface Positional extends Pick<Option, "describe" | "choices" | "default"> {
  readonly name: string;
  /** Whether it may be left out, or may be repeated. */
  readonly count: "one" | "optional" | "many";
  /** What is said to be missing where it is. */
  readonly needed?: string;
}

/** A command of the command line: the parser, help, completion and manual are made of it. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly describe: string;
  readonly options: Options;
  readonly positional?: Positional;
  readonly examples: Examples;
  /** Runs it with what yargs has made of the words; returns the exit status. Loads what it needs then. */
  readonly run: (args: never, messages: Messages) => Promise<number>;
}

const OUT: Option = {
  type: "string",
  requiresArg: true,
  default: "-",
  group: "Output:",
  describe: "the HTML file to write, - for standard output",
};

const FILE: Option = {
  type: "string",
  requiresArg: true,
  group: "Input:",
  describe: "the generated file, in place of the argument",
};

const EXPR_OPTIONS: Options = {
  host: { type: "string", requiresArg: true, describe: "look at this configuration only" },
  "usage-format": {
    choices: ["json", "json-lines"],
    requiresArg: true,
    default: "json",
    describe: "what the extractor makes: a document, or of one host a line of JSON Lines",
  },
  for: {
    choices: ["nix-eval-jobs"],
    requiresArg: true,
    describe: "print the command of this program that evaluates all hosts, for gen --all",
  },
  attr: ATTRIBUTE,
};

/** Every command that the help lists. */
export const COMMANDS: readonly Command[] = [
  {
    name: "gen",
    usage: "$0 gen (--flake REF | --usage FILE) [--host NAME] [--out FILE] [-- NIX OPTIONS]",
    describe: "generate the page of a host",
    options: GEN_OPTIONS,
    examples: {
      "the page of one host, and the program beside it":
        "$0 gen --flake . --host hyp-01 --out hosts/hyp-01.nix",
      "with options for nix after --": "$0 gen --flake .#hyp-01 -- --impure",
      "from a usage made before": "$0 gen --usage fleet.jsonl --host hyp-01",
      "the pages of all hosts": "$0 gen --all --usage fleet.jsonl --out-dir sweep",
    },
    run: async (args, messages) => (await import("./commands/gen.ts")).gen(args, messages),
  },
  {
    name: "check",
    usage: "$0 check FILE (--flake REF | --usage FILE) [--host NAME] [-- NIX OPTIONS]",
    describe: "compare a page and its program with what gen would write",
    options: { file: FILE, ...CHECK_OPTIONS },
    positional: {
      name: "path",
      count: "optional",
      describe: "the generated file; with --all the directory",
    },
    examples: {
      "prints a diff and exits with 1 if the page or the program beside it is stale":
        "$0 check microvm-sweep.nix --flake .#hyp-01",
    },
    run: async (args, messages) => (await import("./commands/check.ts")).check(args, messages),
  },
  {
    name: "expr",
    usage: "$0 expr [--host NAME] [--usage-format FORMAT]",
    describe: "print the extractor, a Nix function",
    options: EXPR_OPTIONS,
    examples: {
      "the usage of every configuration of a flake":
        'nix --extra-experimental-features "nix-command flakes" eval --json .#nixosConfigurations --apply "$($0 expr)" > usage.json',
    },
    run: async (args) => (await import("./commands/print.ts")).expr(args),
  },
  {
    name: "schema",
    usage: "$0 schema [usage | plan]",
    describe: "print a JSON Schema",
    options: {},
    positional: {
      name: "document",
      count: "optional",
      choices: ["usage", "plan"],
      default: "usage",
      describe: "what gen reads, or what sweep-microvms plan --json prints",
    },
    examples: { "for an editor": "$0 schema > usage.schema.json" },
    run: async (args) => (await import("./commands/print.ts")).schema(args),
  },
  {
    name: "report",
    usage: "$0 report PLAN... [--out FILE]",
    describe: "join the plans of hosts into one HTML page",
    options: { out: OUT },
    positional: {
      name: "plans",
      count: "many",
      needed: "at least one plan file",
      describe: "what sweep-microvms plan --json has printed, one file a host",
    },
    examples: {
      "the plans of two hosts, each made with: ssh HOST sudo sweep-microvms plan --json > HOST.json":
        "$0 report hyp-01.json hyp-02.json --out report.html",
    },
    run: async (args, messages) => (await import("./commands/report.ts")).report(args, messages),
  },
  {
    name: "completion",
    usage: "$0 completion SHELL",
    describe: "print what a shell reads to complete this program",
    options: {},
    positional: {
      name: "shell",
      count: "one",
      choices: ["bash", "zsh", "fish"],
      needed: "a shell: bash, zsh or fish",
      describe: "the shell that reads it",
    },
    examples: { "in ~/.bashrc": 'eval "$($0 completion bash)"' },
    run: async (args) => (await import("./commands/print.ts")).completion(args),
  },
];

/** The command of that name. */
export function commandNamed(name: unknown): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}
