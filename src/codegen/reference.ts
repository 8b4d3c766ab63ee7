import { CODE_GROUPS, CODES } from "../diagnostics/codes.ts";
import { POLICY, type PolicyRow } from "../policy/policy.ts";
import {
  example,
  type Model,
  type ModelInterface,
  type ModelProperty,
  type PropertyType,
} from "./model.ts";

/** An example on the reference page: a value of an interface, in the layout of its format. */
export interface ReferenceExample {
  readonly caption: string;
  readonly interface: string;
  readonly format: "json" | "jsonl";
}

/** Makes the reference page of a model. */
export function reference(model: Model, examples: readonly ReferenceExample[]): string {
  return [
    `# ${model.title.replace(/\.$/u, "")}`,
    "",
    ...model.documentation.split("\n"),
    ...examples.flatMap(({ caption, interface: name, format }) => [
      "",
      caption,
      "",
      ...fenced(format, layOut(example(model, name), format)),
    ]),
    ...model.interfaces.flatMap((of) => ["", ...interfaceSection(of)]),
  ].join("\n");
}

/** Writes JSON as the formatter would: a list of texts is one line. */
function layOut(value: unknown, format: ReferenceExample["format"]): string {
  if (format === "jsonl") return JSON.stringify(value);
  return JSON.stringify(value, null, 2).replace(/\[[^[\]{}]*\]/gu, (list) =>
    list.replace(/\s*\n\s*/gu, " ").replace(/^\[ | \]$/gu, (end) => end.trim()),
  );
}

function interfaceSection(of: ModelInterface): readonly string[] {
  const bases = of.bases.map((base) => `[\`${base}\`](#${base.toLowerCase()})`);
  return [
    `## ${of.name}`,
    "",
    of.documentation,
    ...(bases.length === 0 ? [] : ["", `It has the properties of ${bases.join(" and ")}, and:`]),
    ...of.properties.flatMap((property) => ["", ...propertySection(property)]),
  ];
}

function propertySection(property: ModelProperty): readonly string[] {
  const { option, readBy } = property;
  return [
    `### \`${property.name}\``,
    "",
    property.documentation,
    "",
    `- Type: ${typeText(property)}`,
    ...(option === undefined ? [] : [`- From the option \`${option}\``]),
    ...(readBy === undefined ? [] : [`- Used by: ${readBy.replace(/\s+/gu, " ")}`]),
  ];
}

function typeText({ type, pattern, sorted }: ModelProperty): string {
  const matching = pattern === undefined ? "" : ` that matches \`${pattern}\``;
  return `${typeName(type)}${matching}${sorted ? ", sorted, without duplicates" : ""}`;
}

function typeName(type: PropertyType): string {
  switch (type.kind) {
    case "boolean":
      return "`true` or `false`";
    case "text":
      return type.nullable ? "text or null" : "text";
    case "textList":
      return "list of texts";
    case "choice":
      return type.values.map((value) => `\`"${value}"\``).join(" or ");
    case "constant":
      return `the number ${type.value}`;
    case "list":
      return `list of [\`${type.of}\`](#${type.of.toLowerCase()})`;
    case "record":
      return `object of [\`${type.of}\`](#${type.of.toLowerCase()}) by name`;
  }
}

function fenced(language: string, text: string): readonly string[] {
  return [`\`\`\`${language}`, ...text.split("\n"), "```"];
}

const DIAGNOSTICS_HEAD = `# Diagnostic codes

Every error and warning of microvm-sweep has a code that never changes its meaning. An example:

\`\`\`text
usage.json:5:7: error MS1102: the key "stateDri" is not known here
    "stateDri": "/var/lib/microvms",
    ^
  at /hosts/hyp-01/stateDri
  hint: did you mean "stateDir"?
\`\`\`

The first line has the place, the severity, the code and what was found. Below it are the text at that
place, its JSON Pointer (RFC 6901), the other place where two are in conflict, and what to do.

All errors of an input are printed at once, in the order of their places. \`--diagnostics json\` prints
them as JSON. With \`--warnings-as-errors\` a warning ends the run like an error.`;

/** Makes the page of all diagnostic codes. */
export function diagnosticsPage(): string {
  const sections = Object.entries(CODE_GROUPS).map(([prefix, heading]) => {
    const rows = Object.entries(CODES)
      .filter(([code]) => code.startsWith(prefix))
      .map(([code, { title, remedy }]) => [code, title, remedy]);
    return [`## ${heading}`, "", ...table([["Code", "Meaning", "What to do"], ...rows])].join("\n");
  });
  return [DIAGNOSTICS_HEAD, ...sections].join("\n\n");
}

/** Makes the table of all settings in `docs/policies.md`. */
export function policyTable(rows: readonly PolicyRow[] = POLICY): string {
  const cells = rows.map((row) => [
    `\`--${row.flag}\``,
    policyValue(row),
    policyDefault(row),
    policyMeaning(row),
  ]);
  // Columns are not padded: the longest meaning would make every line that long.
  return [["Flag", "Value", "Default", "Meaning"], Array(4).fill("---"), ...cells]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

function policyValue(row: PolicyRow): string {
  switch (row.kind) {
    case "choice":
      return Object.keys(row.values)
        .map((value) => `\`${value}\``)
        .join(", ");
    case "names":
      return "name, may be repeated";
    case "number":
      return row.kind;
  }
}

function policyDefault({ default: value }: PolicyRow): string {
  return value === null || Array.isArray(value) ? "none" : `\`${value}\``;
}

function policyMeaning(row: PolicyRow): string {
  if (row.kind !== "choice") return row.description;
  const values = Object.entries(row.values).map(([value, text]) => `\`${value}\`: ${text}`);
  return [row.description, ...values].join("<br>");
}

/** Writes a Markdown table. The first row is its head. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)];
}
