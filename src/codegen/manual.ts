import { readFileSync } from "node:fs";
import { emitCompletion, SHELLS } from "../cli/commands/print.ts";
import { COMMANDS, type Command, commandNamed } from "../cli/commands.ts";
import {
  HELP_OPTIONS,
  MESSAGE_OPTIONS,
  type Option,
  type Options,
  summary,
} from "../cli/options.ts";
import { programFiles, release } from "../page/program.ts";
import { POLICY, type PolicyRow } from "../policy/policy.ts";

// A manual page is a template in Markdown, `templates/NAME.SECTION.md`: a heading of each section, paragraphs, lists
// of terms with their meaning, and blocks of command lines. Text between backquotes is literal. What the parser is
// given, such as options, is filled in. The result is a part of the site, and for man(1) it becomes roff.

const ROWS: readonly PolicyRow[] = POLICY;

/** Words for the values of options and arguments: those of the synopsis. */
const VALUE_WORDS: Readonly<Record<string, string>> = {
  flake: "REF",
  attr: "PATH",
  host: "NAME",
  path: "FILE",
  plans: "PLAN",
  names: "NAME",
  "out-dir": "DIRECTORY",
  number: "NUMBER",
};

function optionTerm(name: string, { type, choices }: Option): string {
  if (type === "boolean") return `\`--${name}\``;
  const kind = ROWS.find(({ flag }) => flag === name)?.kind ?? name;
  return `\`--${name}\` ${choices?.join(" | ") ?? VALUE_WORDS[kind] ?? "FILE"}`;
}

function optionMeaning(name: string, option: Option): string {
  const value = option.defaultDescription ?? option.default;
  const isShown = value !== undefined && option.type !== "boolean" && value !== "none";
  const row = ROWS.find(({ flag }) => flag === name);
  const values =
    row?.kind === "choice"
      ? Object.entries(row.values).map(([word, meaning]) => ` \`${word}\`: ${meaning}.`)
      : [];
  return `${sentence(summary(option))}${values.join("")}${isShown ? ` The default is \`${value}\`.` : ""}`;
}

function sentence(phrase: string): string {
  return `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}

function optionList(options: Options): string {
  return Object.entries(options)
    .map(([name, option]) => `- ${optionTerm(name, option)}: ${optionMeaning(name, option)}`)
    .join("\n");
}

function positionalItem({ positional }: Command): string {
  if (positional === undefined) return "";
  const { name, choices, describe } = positional;
  const word = choices?.join(" | ") ?? VALUE_WORDS[name] ?? name.toUpperCase();
  return `- ${word}: ${sentence(describe)}`;
}

function optionsOf(name: string): Options {
  return commandNamed(name)?.options ?? {};
}

/** What `gen` and `check` both take: it is listed once, in sections of its own. */
const SHARED: Options = Object.fromEntries(
  Object.entries(optionsOf("gen")).filter(([name]) => Object.hasOwn(optionsOf("check"), name)),
);

/** The blocks of a section that have something in them. */
function blocks(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n\n");
}

function commandText(command: Command): string {
  const all = Object.entries(command.options);
  const own = all.filter(([name, option]) => SHARED[name] !== option);
  const more = own.length < all.length ? " It takes the options below too." : "";
  return blocks([
    `#### ${command.name}`,
    `${sentence(command.describe)}${more}`,
    positionalItem(command),
    optionList(Object.fromEntries(own)),
  ]);
}

/** The options of `gen` and `check` by the group that the help lists them in. */
function sharedSections(): string {
  const groups = [...new Set(Object.values(SHARED).map(({ group = "" }) => group))];
  const sections = groups.map((group) => {
    const options = Object.entries(SHARED).filter(([, one]) => one.group === group);
    return `### ${group.replace(":", "")} options\n\n${optionList(Object.fromEntries(options))}`;
  });
  return blocks(sections);
}

function commandLines(lines: readonly string[]): string {
  return `\`\`\`text\n${lines.join("\n").replaceAll("$0", "microvm-sweep")}\n\`\`\``;
}

function examples(): string {
  const all = COMMANDS.flatMap((command) => Object.entries(command.examples));
  return blocks(all.flatMap(([purpose, line]) => [sentence(purpose), commandLines([line])]));
}

/** The command of a host. A test holds it equal to what the Bash program says of itself. */
export const HOST_COMMAND = {
  name: "sweep-microvms",
  usage:
    "sweep-microvms [plan [--json] | explain NAME | run | archive NAME... | delete NAME...] [--system=TOPLEVEL]",
  commands: {
    plan: "show what a run would do",
    explain: "say what is known of a MicroVM",
    run: "do what plan shows, as root",
    archive: "move the state directory of a removed MicroVM away, as root",
    delete: "delete the state directory of a removed MicroVM, as root",
  },
  options: {
    "--system=": "look at another toplevel than the running one",
    "--json": "print the plan for programs",
  },
  /** Those of `archive` and `delete`. */
  stateOptions: {
    "--to": "the directory to archive to",
    "--dry-run": "show what would go, and end",
    "--yes": "do not ask",
  },
} as const;

/** The identifier of the journal entries, which the program has. */
function messageId(): string {
  return /^message_id=(\w+)$/m.exec(programFiles().get("act.bash") ?? "")?.[1] ?? "";
}

/** A manual page, and what its template names. */
interface Manual {
  readonly name: string;
  readonly section: 1 | 8;
  readonly parts: () => Readonly<Record<string, string>>;
}

const MANUALS: readonly Manual[] = [
  {
    name: "microvm-sweep",
    section: 1,
    parts: () => ({
      synopsis: commandLines(COMMANDS.map(({ usage }) => usage)),
      commands: blocks(COMMANDS.map(commandText)),
      options: sharedSections(),
      everywhere: optionList({ ...MESSAGE_OPTIONS, ...HELP_OPTIONS }),
      examples: examples(),
    }),
  },
  {
    name: HOST_COMMAND.name,
    section: 8,
    parts: () => ({ synopsis: commandLines([HOST_COMMAND.usage]), messageId: messageId() }),
  },
];

function templateOf({ name, section }: Manual): string {
  return `templates/${name}.${section}.md`;
}

/** Fills the template of a manual page. */
function markdown(manual: Manual): string {
  const template = readFileSync(new URL(`../../${templateOf(manual)}`, import.meta.url), "utf8");
  const parts = manual.parts();
  return template.trimEnd().replaceAll(/\{\{(\w+)\}\}/g, (_whole, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`${templateOf(manual)}: there is no part ${name}`);
    return part;
  });
}

/** Text of a man page: backquotes become bold, and no character is a request of roff. */
function roffText(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll(/`([^`]*)`/g, "\\fB$1\\fR")
    .replaceAll(/^\./gm, "\\&.");
}

/** Renders one block of Markdown in the macros of man(7). */
function roffBlock(block: string): string {
  const [, level = "", heading = ""] = /^(#+) (.*)$/.exec(block) ?? [];
  if (level === "###") return `.SH ${heading.toUpperCase()}`;
  if (level === "####") return `.SS ${roffText(heading)}`;
  const [, code] = /^```text\n(.*)\n```$/s.exec(block) ?? [];
  if (code !== undefined) return `.PP\n.nf\n.RS 4\n${roffText(code)}\n.RE\n.fi`;
  if (!block.startsWith("- ")) return `.PP\n${roffText(block)}`;
  return block.replaceAll(
    /^- (.*?): (.*)$/gm,
    (_item, term: string, meaning: string) => `.TP\n${roffText(term)}\n${roffText(meaning)}`,
  );
}

/** Makes a page for man(1) of a manual page in Markdown. */
function roff({ name, section }: Manual, text: string): string {
  const [, purpose = "", ...body] = text.split("\n\n");
  const phrase = purpose.charAt(0).toLowerCase() + purpose.slice(1).replace(/\.$/, "");
  const rendered = body.map(roffBlock).join("\n");
  return [
    `.TH ${name.toUpperCase()} ${section} "" "microvm\\-sweep ${release()}" ""`,
    `.SH NAME\n${roffText(name)} \\- ${roffText(phrase)}`,
    // The macro of a heading makes the space before its first paragraph.
    rendered.replaceAll(/^(\.S[HS] .*\n)\.PP\n/gm, "$1"),
  ].join("\n");
}

const HEAD =
  "# Manual pages\n\nThe package has them for `man`, and the live module puts that of `sweep-microvms` on the host.";

/** The generated files for the directory `share` of a package, and the page of the site. */
export const MANUAL_OUTPUTS = [
  ...MANUALS.flatMap((manual) => {
    const { name, section } = manual;
    return [
      {
        path: `share/${name}/man/man${section}/${name}.${section}`,
        source: templateOf(manual),
        make: () => roff(manual, markdown(manual)),
      },
      ...Object.entries(SHELLS).map(([shell, file]) => ({
        path: `share/${name}/${file(name)}`,
        source: `templates/completion-${shell}.hbs`,
        make: () => emitCompletion(shell as keyof typeof SHELLS, name).trimEnd(),
      })),
    ];
  }),
  {
    path: "docs/manual.md",
    source: "src/codegen/manual.ts",
    make: () => [HEAD, ...MANUALS.map(markdown)].join("\n\n"),
  },
];
