/** What every row of the policy table has. */
interface Row {
  /** The key in a file of `--config`, and the option of the live module. */
  readonly key: string;
  /** The option of the command line and of the program, without its dashes. */
  readonly flag: string;
  /**
   * What the setting is, for help, options and reference: a phrase in lower case without a full stop.
   */
  readonly description: string;
  /**
   * What takes the setting: the program that runs on the host, or the page, which chooses the hook
   * that starts the program.
   */
  readonly takenBy: "program" | "page";
}

/** One of a few words; `values` says what each one means. */
interface ChoiceRow extends Row {
  readonly kind: "choice";
  readonly values: Readonly<Record<string, string>>;
  readonly default: string;
}

/** A list of instance names, sorted and unique. */
interface NamesRow extends Row {
  readonly kind: "names";
  readonly default: readonly string[];
}

/** A whole number of 0 or more; `null` where there is none. */
interface NumberRow extends Row {
  readonly kind: "number";
  readonly default: number | null;
}

/** One row of the policy table. */
export type PolicyRow = ChoiceRow | NamesRow | NumberRow;

/**
 * The policy: what the administrator lets the sweep do (docs/design.md, "The policy is one table"). Options,
 * validation, module options, reference and program arguments are made from these rows.
 */
export const POLICY = [
  {
    key: "orphans",
    flag: "orphans",
    kind: "choice",
    values: {
      stop: "stop the MicroVMs that this switch removes",
      "stop-all": "also stop those that an older generation declared",
      report: "stop none: name them and leave their files",
    },
    default: "stop",
    description: "MicroVMs that the configuration no longer declares and that still run",
    takenBy: "program",
  },
  {
    key: "unitFiles",
    flag: "unit-files",
    kind: "choice",
    values: {
      remove:
        "remove them; what somebody wrote outside of /run moves to /var/lib/microvm-sweep/removed/TIME",
      report: "name them and leave them",
    },
    default: "remove",
    description: "stale unit files of microvm.nix",
    takenBy: "program",
  },
  {
    key: "keep",
    flag: "keep",
    kind: "names",
    default: [],
    description: "names of MicroVMs that the sweep never touches",
    takenBy: "program",
  },
  {
    key: "limit",
    flag: "limit",
    kind: "number",
    default: null,
    description:
      "largest number of MicroVMs that a switch may stop; one that would stop more is refused",
    takenBy: "program",
  },
  {
    key: "backend",
    flag: "backend",
    kind: "choice",
    values: {
      auto: "an activation script where NixOS runs them, otherwise a service",
      activation: "an activation script",
      service: "a systemd service that runs at every switch and at boot; it stops no MicroVM",
    },
    default: "auto",
    description: "what starts the sweep on the host",
    takenBy: "page",
  },
] as const satisfies readonly PolicyRow[];

/** A setting of an older release. */
export interface RemovedSetting {
  readonly flag: string;
  /** Its key in a file of `--config` and in the live module; none where only the command line had it. */
  readonly key?: string;
  /** What to use in its place: a phrase in lower case without a full stop. */
  readonly instead: string;
}

/** The settings that 0.3 has removed. Messages of command line, policy file and live module are made from it. */
export const REMOVED_SETTINGS: readonly RemovedSetting[] = [
  {
    flag: "state",
    key: "state",
    instead:
      "a switch leaves state directories alone; on the host: sweep-microvms archive NAME, or sweep-microvms delete NAME",
  },
  {
    flag: "state-delete",
    key: "stateDelete",
    instead: "a switch leaves state directories alone; on the host: sweep-microvms delete NAME",
  },
  {
    flag: "gcroots",
    key: "gcroots",
    instead:
      "a switch leaves garbage collection roots alone; on the host, sweep-microvms archive NAME and delete NAME remove those of the MicroVM",
  },
  {
    flag: "unit-dir",
    key: "unitDirs",
    instead: "the sweep looks into the unit directories of systemd and into no other",
  },
  {
    flag: "archive-dir",
    key: "archiveDir",
    instead: "on the host: sweep-microvms archive NAME --to DIRECTORY",
  },
  {
    flag: "format",
    instead: "gen makes a NixOS module and the directory microvm-sweep beside it, and nothing else",
  },
  { flag: "systemctl", instead: "the page takes systemd from the NixOS of the host" },
];

/** The values that 0.3 has removed, by the flag of their setting, and what to use in their place. */
export const REMOVED_VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "unit-files": {
    delete: "the word is remove now",
    quarantine: "remove moves what somebody wrote to /var/lib/microvm-sweep/removed/TIME",
  },
};

type Rows = (typeof POLICY)[number];

type ProgramRow = Extract<Rows, { readonly takenBy: "program" }>;

type ValueOf<R extends Rows> = R extends { readonly values: infer Values }
  ? keyof Values
  : R extends { readonly kind: "number" }
    ? number | null
    : readonly string[];

type ValuesOf<R extends Rows> = { readonly [Each in R as Each["key"]]: ValueOf<Each> };

/** The key of a row. */
export type PolicyKey = Rows["key"];

/** Everything that the table sets. */
export type Settings = ValuesOf<Rows>;

/** What a file of `--config` or a command line sets: any part of the table. */
export type PolicySettings = Partial<Settings>;

/** What the program on the host is given. */
export type Policy = ValuesOf<ProgramRow>;

/** What starts the program on the host; `auto` is decided when the page is evaluated. */
export type Backend = Settings["backend"];

type ChoiceKey = Extract<Rows, { readonly kind: "choice" }>["key"];

/** The values that a choice has. */
export function choices<Key extends ChoiceKey>(key: Key): readonly Settings[Key][] {
  const row = POLICY.find((one) => one.key === key);
  return Object.keys((row as ChoiceRow).values) as Settings[Key][];
}

/** Whether a value can be a number of the policy. */
export function isLimit(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function fromRows(rows: readonly PolicyRow[], value: (row: PolicyRow) => unknown): unknown {
  return Object.fromEntries(rows.map((row) => [row.key, value(row)]));
}

const PROGRAM_ROWS = POLICY.filter((row): row is ProgramRow => row.takenBy === "program");

/** The policy of a run that sets none. */
export const DEFAULT_POLICY = fromRows(PROGRAM_ROWS, (row) => row.default) as Policy;

/**
 * Joins the settings of a run: a flag replaces the file's value and the file's the default. Lists are
 * joined, and sorted by code unit.
 */
export function mergePolicy(file: PolicySettings, flags: PolicySettings): Settings {
  return fromRows(POLICY, (row) => {
    const key = row.key as PolicyKey;
    if (!Array.isArray(row.default)) return flags[key] ?? file[key] ?? row.default;
    const lists = [file[key], flags[key]] as (readonly string[] | undefined)[];
    return [...new Set(lists.flatMap((list) => list ?? []))].sort();
  }) as Settings;
}

/** The words that give the program each setting that is not the default. */
export function policyArguments(policy: Policy): readonly string[] {
  return PROGRAM_ROWS.flatMap((row) => {
    const value = policy[row.key];
    if (Array.isArray(value)) return value.map((item) => `--${row.flag}=${item}`);
    return value === row.default ? [] : [`--${row.flag}=${value}`];
  });
}
