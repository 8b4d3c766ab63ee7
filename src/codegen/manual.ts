import { emitCompletion, SHELLS } from "../cli/commands/print.ts";
import { COMMANDS, type Command, commandNamed } from "../cli/commands.ts";
import { EXIT } from "../cli/failure.ts";
import {
  HELP_OPTIONS,
  MESSAGE_OPTIONS,
  type Option,
  type Options,
  summary,
} from "../cli/options.ts";
import { programFiles, release } from "../page/program.ts";
import { POLICY, type PolicyRow } from "../policy/policy.ts";

/** A part of a section: a paragraph, a heading below the section, terms with their meaning, or command lines. */
type Part = string | { readonly heading: string } | Terms | { readonly lines: readonly string[] };

/** A manual page, which is rendered for man(1) and for the site. Text between backquotes is literal. */
export interface Manual {
  readonly name: string;
  readonly section: 1 | 8;
  readonly purpose: string;
  readonly sections: readonly (readonly [heading: string, parts: readonly Part[]])[];
}

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

interface Terms {
  readonly terms: readonly (readonly [term: string, meaning: string])[];
}

function positionalTerms({ positional }: Command): Terms {
  if (positional === undefined) return { terms: [] };
  const { name, choices, describe } = positional;
  const word = choices?.join(" | ") ?? VALUE_WORDS[name] ?? name.toUpperCase();
  return { terms: [[word, sentence(describe)]] };
}

function optionTerms(options: Options): Terms {
  const entries = Object.entries(options);
  return {
    terms: entries.map(([name, option]) => [optionTerm(name, option), optionMeaning(name, option)]),
  };
}

const plainUsage = ({ usage }: Command) => usage.replace("$0 ", "microvm-sweep ");

function optionsOf(name: string): Options {
  return commandNamed(name)?.options ?? {};
}

/** What `gen` and `check` both take: it is listed once, in sections of its own. */
const SHARED: Options = Object.fromEntries(
  Object.entries(optionsOf("gen")).filter(([name]) => Object.hasOwn(optionsOf("check"), name)),
);

function commandParts(command: Command): Part[] {
  const all = Object.entries(optionsOf(command.name));
  const own = all.filter(([name, option]) => SHARED[name] !== option);
  return [
    { heading: command.name },
    `${sentence(command.describe)}${own.length < all.length ? " It takes the options below too." : ""}`,
    ...[positionalTerms(command), optionTerms(Object.fromEntries(own))].filter(
      ({ terms }) => terms.length > 0,
    ),
  ];
}

function sentence(phrase: string): string {
  return `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}

/** The options of `gen` and `check` by the group that the help lists them in. */
function sharedSections(): [string, Part[]][] {
  const groups = [...new Set(Object.values(SHARED).map(({ group = "" }) => group))];
  return groups.map((group) => {
    const options = Object.entries(SHARED).filter(([, one]) => one.group === group);
    return [
      `${group.replace(":", "").toUpperCase()} OPTIONS`,
      [optionTerms(Object.fromEntries(options))],
    ];
  });
}

function examples(): Part[] {
  return COMMANDS.flatMap((command) =>
    Object.entries(command.examples).flatMap(([purpose, line]): Part[] => [
      `${sentence(purpose)}`,
      { lines: [line.replace("$0", "microvm-sweep")] },
    ]),
  );
}

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: "done; for `check`: the files are up to date",
  difference: "`check` found a difference, or a file is missing",
  input: "bad input or arguments, or a result that cannot be written",
  command: "Nix is missing, too old, or failed",
  internal: "an error in microvm-sweep: please report it",
};

/** The manual page of the compiler, out of what the parser is given. */
export const COMPILER_MANUAL: Manual = {
  name: "microvm-sweep",
  section: 1,
  purpose: "make a NixOS module that removes what removed MicroVMs leave behind",
  sections: [
    ["SYNOPSIS", [{ lines: COMMANDS.map(plainUsage) }]],
    [
      "DESCRIPTION",
      [
        "`microvm-sweep` evaluates a NixOS configuration that uses microvm.nix and writes a page and a program. The " +
          "page is a short NixOS module with the data of one host. The program beside it, the directory `microvm-sweep`, is " +
          "the same for every host. Read both, commit them, and import the page in `configuration.nix`.",
        "At each switch the program stops the MicroVMs that left the configuration, and removes the units that they " +
          "leave behind. On the host, sweep-microvms(8) shows what it would do.",
      ],
    ],
    ["COMMANDS", COMMANDS.flatMap(commandParts)],
    ...sharedSections(),
    ["OPTIONS OF EVERY COMMAND", [optionTerms({ ...MESSAGE_OPTIONS, ...HELP_OPTIONS })]],
    [
      "EXIT STATUS",
      [
        {
          terms: Object.entries(EXIT).map(([name, status]) => [
            String(status),
            `${MEANINGS[name as keyof typeof EXIT]}.`,
          ]),
        },
      ],
    ],
    [
      "ENVIRONMENT",
      [
        {
          terms: [
            ["`NO_COLOR`", "switches colours off where it is not empty. So does `TERM=dumb`."],
            ["`NODE_DEBUG=microvm-sweep`", "makes an error of the program say where it happened."],
          ],
        },
      ],
    ],
    ["EXAMPLES", examples()],
    ["SEE ALSO", ["sweep-microvms(8), nixos-rebuild(8), nix3-eval(1)"]],
  ],
};

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

const { commands, options, stateOptions } = HOST_COMMAND;

/** The identifier of the journal entries, which the program has. */
function messageId(): string {
  return /^message_id=(\w+)$/m.exec(programFiles().get("act.bash") ?? "")?.[1] ?? "";
}

/** The manual page of the command of a host. */
export const HOST_MANUAL: Manual = {
  name: HOST_COMMAND.name,
  section: 8,
  purpose: "show and remove what removed MicroVMs leave behind",
  sections: [
    ["SYNOPSIS", [{ lines: [HOST_COMMAND.usage] }]],
    [
      "DESCRIPTION",
      [
        "`sweep-microvms` finds MicroVMs of microvm.nix that this host no longer declares: some still run, others left unit " +
          "files, failed units or garbage collection roots. The module that microvm-sweep(1) makes, or its live module, puts the " +
          "command on the host and runs it at each switch.",
        "It never stops a MicroVM that somebody manages by hand. A switch touches no disk and no garbage collection root: only " +
          "`archive` and `delete` do, by name. In doubt nothing happens.",
      ],
    ],
    [
      "COMMANDS",
      [
        {
          terms: [
            [
              "`plan`",
              `${sentence(commands.plan)} This is the default. It prints a verdict for each MicroVM, with the evidence.`,
            ],
            [
              "`explain` NAME",
              `${sentence(commands.explain)} It prints the facts, the verdict, and what would change it.`,
            ],
            [
              "`run`",
              `${sentence(commands.run)} It stops nothing: no other system has been replaced.`,
            ],
            [
              "`archive` NAME...",
              `${sentence(commands.archive)} It removes the garbage collection roots too.`,
            ],
            [
              "`delete` NAME...",
              `${sentence(commands.delete)} It removes the garbage collection roots too. There is no way back.`,
            ],
          ],
        },
        "Without root, `plan` and `explain` say what they could not see. `archive` and `delete` show what goes, and ask for the " +
          "names on a terminal.",
      ],
    ],
    [
      "OPTIONS",
      [
        {
          terms: [
            [
              "`--json`",
              `${sentence(options["--json"])} It goes with \`plan\`. Each key is in the reference of the plan.`,
            ],
            [
              "`--system=`TOPLEVEL",
              `${sentence(options["--system="])}, such as one that \`nixos-rebuild build\` made.`.replace(
                ".,",
                ",",
              ),
            ],
            ["`-h`, `--help`", "Print the usage, and what each word means."],
            ["`--to` DIRECTORY", `With \`archive\`: ${stateOptions["--to"]}.`],
            ["`--dry-run`", `With \`archive\` and \`delete\`: ${stateOptions["--dry-run"]}.`],
            ["`--yes`", `With \`archive\` and \`delete\`: ${stateOptions["--yes"]}.`],
          ],
        },
      ],
    ],
    [
      "EXIT STATUS",
      [
        {
          terms: [
            ["0", "Done. `plan`: a run would have no error."],
            ["1", "A step failed, or was refused. `plan`: a run would report an error."],
            [
              "2",
              "A command, option or name is not known, or the page and the program are of different releases.",
            ],
          ],
        },
      ],
    ],
    [
      "FILES",
      [
        {
          terms: [
            [
              "`/var/lib/microvm-sweep/removed`",
              "Unit files that somebody wrote, below the time of their removal and under their original path.",
            ],
            ["`/var/lib/microvms/+archive`", "State directories that `archive` moved."],
            ["`/run/microvm-sweep`", "The lock of a run."],
          ],
        },
      ],
    ],
    [
      "JOURNAL",
      [
        "A run that did something leaves one entry in the journal, and one that did nothing leaves none.",
        { lines: [`journalctl --output=verbose MESSAGE_ID=${messageId()}`] },
        {
          terms: [
            ["`MICROVM_SWEEP_STOPPED`", "Names of the MicroVMs that were stopped."],
            ["`MICROVM_SWEEP_REMOVED`", "Paths of the unit files that were removed or moved."],
            [
              "`MICROVM_SWEEP_LEFT`",
              "Names of the MicroVMs that still run although nothing declares them.",
            ],
            ["`MICROVM_SWEEP_GENERATION`", "Toplevel of the generation that was activated."],
          ],
        },
      ],
    ],
    [
      "EXAMPLES",
      [
        "What a switch to the generation in ./result would do:",
        { lines: ['sweep-microvms plan --system="$(readlink -f ./result)"'] },
        "The names of the MicroVMs that an older generation declared and that still run:",
        {
          lines: [
            `sweep-microvms plan --json | jq -r '.vms[] | select(.verdict == "lingering") | .name'`,
          ],
        },
      ],
    ],
    ["SEE ALSO", ["microvm-sweep(1), nixos-rebuild(8), systemctl(1), journalctl(1)"]],
  ],
};

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

function roffPart(part: Part): string {
  if (typeof part === "string") return `.PP\n${roffText(part)}`;
  if ("heading" in part) return `.SS ${roffText(part.heading)}`;
  if ("lines" in part) return `.PP\n.nf\n.RS 4\n${part.lines.map(roffText).join("\n")}\n.RE\n.fi`;
  return part.terms.map(([term, text]) => `.TP\n${roffText(term)}\n${roffText(text)}`).join("\n");
}

/** Renders a manual page for man(1), in the macros of man(7). */
export function roff({ name, section, purpose, sections }: Manual): string {
  const body = sections
    .map(([heading, parts]) => `.SH ${heading}\n${parts.map(roffPart).join("\n")}`)
    // The macro of a heading makes the space before its first paragraph.
    .map((text) => text.replaceAll(/^(\.S[HS] .*\n)\.PP\n/gm, "$1"));
  return [
    `.TH ${name.toUpperCase()} ${section} "" "microvm\\-sweep ${release()}" ""`,
    `.SH NAME\n${roffText(name)} \\- ${roffText(purpose)}`,
    ...body,
  ].join("\n");
}

function markdownPart(part: Part): string {
  if (typeof part === "string") return part;
  if ("heading" in part) return `#### ${part.heading}`;
  if ("lines" in part) return `\`\`\`text\n${part.lines.join("\n")}\n\`\`\``;
  return part.terms.map(([term, text]) => `- ${term}: ${text}`).join("\n");
}

function markdownManual({ name, section, purpose, sections }: Manual): string {
  const body = sections.map(([heading, parts]) =>
    [`### ${sentence(heading.toLowerCase()).slice(0, -1)}`, ...parts.map(markdownPart)].join(
      "\n\n",
    ),
  );
  return [`## ${name}(${section})`, sentence(purpose), ...body].join("\n\n");
}

function manualPage(): string {
  const head =
    "# Manual pages\n\nThe package has them for `man`, and the live module puts that of `sweep-microvms` on the host.";
  return [head, ...[COMPILER_MANUAL, HOST_MANUAL].map(markdownManual)].join("\n\n");
}

/** The generated files for the directory `share` of a package, and the page of the site. */
export const MANUAL_OUTPUTS = [
  ...[COMPILER_MANUAL, HOST_MANUAL].flatMap((manual) => {
    const { name, section } = manual;
    return [
      {
        path: `share/${name}/man/man${section}/${name}.${section}`,
        source: "src/codegen/manual.ts",
        make: () => roff(manual),
      },
      ...Object.entries(SHELLS).map(([shell, file]) => ({
        path: `share/${name}/${file(name)}`,
        source: `templates/completion-${shell}.hbs`,
        make: () => emitCompletion(shell as keyof typeof SHELLS, name).trimEnd(),
      })),
    ];
  }),
  { path: "docs/manual.md", source: "src/codegen/manual.ts", make: manualPage },
];
