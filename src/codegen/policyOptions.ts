import { MAX_INSTANCE_NAME_BYTES } from "../microvm/names.ts";
import { emitLiveHooks } from "../page/emitPage.ts";
import { nixString } from "../page/quote.ts";
import { POLICY, type PolicyRow, REMOVED_SETTINGS } from "../policy/policy.ts";

/** The Nix type of an option. Names are checked by assertions, which say what is wrong. */
function nixType(row: PolicyRow): string {
  switch (row.kind) {
    case "choice":
      return `types.enum [\n${Object.keys(row.values)
        .map((value) => `        ${nixString(value)}\n`)
        .join("")}      ]`;
    case "names":
      return "types.listOf types.str";
    case "number":
      return "types.nullOr types.ints.unsigned";
  }
}

function nixDefault({ default: value }: PolicyRow): string {
  if (typeof value === "string") return nixString(value);
  return Array.isArray(value) ? "[ ]" : String(value);
}

function description(row: PolicyRow): string {
  const phrase = row.description.charAt(0).toUpperCase() + row.description.slice(1);
  if (row.kind !== "choice") return nixString(`${phrase}.`);
  const values = Object.entries(row.values).map(
    ([value, text]) => `        - \`${value}\`: ${text}\n`,
  );
  return `''\n        ${phrase}:\n\n${values.join("")}      ''`;
}

function option(row: PolicyRow): string {
  return `    ${row.key} = mkOption {
      type = ${nixType(row)};
      default = ${nixDefault(row)};
      description = ${description(row)};
    };
`;
}

/** Writes the options of the live module, the flag of the program for each setting, and what was removed. */
function policyModule(): string {
  const rows: readonly PolicyRow[] = POLICY;
  const flags = rows
    .filter(({ takenBy }) => takenBy === "program")
    .map(({ key, flag }) => `    ${key} = ${nixString(flag)};\n`);
  const removed = REMOVED_SETTINGS.flatMap(({ key, instead }) =>
    key === undefined ? [] : [`    ${key} = ${nixString(`${instead}.`)};\n`],
  );
  return `{ lib }:
let
  inherit (lib) mkOption types;
in
{
  options = {
${rows.map(option).join("")}  };

  # The flag of the program for each setting.
  flags = {
${flags.join("")}  };

  # Options of older releases, and what takes their place.
  removed = {
${removed.join("")}  };
}`;
}

/** Writes what the checks of the live module need to know of the units. */
function namesModule(): string {
  return `{
  # The longest name, in bytes, that fits into every unit of a MicroVM.
  maxBytes = ${MAX_INSTANCE_NAME_BYTES};
}`;
}

/** The generated files of the flake. `src/codegen/generate.ts` writes them with the others. */
export const FLAKE_OUTPUTS = [
  {
    path: "src/flake/policy.generated.nix",
    source: "src/policy/policy.ts",
    make: policyModule,
  },
  {
    path: "src/flake/names.generated.nix",
    source: "src/microvm/names.ts",
    make: namesModule,
  },
  {
    path: "src/flake/hooks.generated.nix",
    source: "templates/page.hbs",
    make: () => emitLiveHooks().trimEnd(),
  },
];
