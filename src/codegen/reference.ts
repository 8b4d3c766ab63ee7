import { example } from "./example.ts";
import type { Model, ModelInterface, ModelProperty, PropertyType } from "./model/Model.ts";

/** The reference page of the usage document: everything the model says, for people. */
export function reference(model: Model, document: string, line: string): string {
  return [
    "# The usage document",
    "",
    ...withoutTitle(model.documentation),
    "",
    "A document:",
    "",
    ...fenced("json", indented(example(model, document))),
    "",
    "The same host as a line of JSON Lines:",
    "",
    ...fenced("jsonl", JSON.stringify(example(model, line))),
    ...model.interfaces.flatMap((of) => ["", ...interfaceSection(of)]),
  ].join("\n");
}

/** The head of the model file is a title in prose and what follows it. */
function withoutTitle(documentation: string): readonly string[] {
  return documentation.replace(/^The usage document: what/u, "It says what").split("\n");
}

function interfaceSection(of: ModelInterface): readonly string[] {
  const bases = of.bases.map((base) => `[\`${base}\`](#${base.toLowerCase()})`);
  return [
    `## ${of.name}`,
    "",
    of.documentation,
    ...(bases.length === 0 ? [] : ["", `It has the properties of ${bases.join(" and ")}, and:`]),
    ...namesSection(of),
    ...of.properties.flatMap((property) => ["", ...propertySection(property)]),
  ];
}

/** What the names in the Nix expressions of the properties stand for. */
function namesSection({ nixArgument, nixLet }: ModelInterface): readonly string[] {
  if (nixArgument === undefined) return [];
  const bindings = nixLet.map((text) => `, \`${text}\``).join("");
  return ["", `Names in its expressions: the argument \`${nixArgument}\`${bindings}.`];
}

function propertySection(property: ModelProperty): readonly string[] {
  return [
    `### \`${property.name}\``,
    "",
    property.documentation,
    "",
    `- Type: ${typeText(property)}`,
    ...sourceText(property),
  ];
}

function typeText({ type, pattern, sorted }: ModelProperty): string {
  const matching = pattern === undefined ? "" : ` that matches \`${pattern}\``;
  return `${typeName(type)}${matching}${sorted ? ", sorted, each once" : ""}`;
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
    case "record":
      return `object of [\`${type.of}\`](#${type.of.toLowerCase()}) by name`;
  }
}

function sourceText({ source }: ModelProperty): readonly string[] {
  if (source.kind === "type") return [];
  if (source.kind === "expression") {
    const [only] = source.lines;
    if (source.lines.length === 1) return [`- From: \`${only}\``];
    return ["- From:", "", ...fenced("nix", source.lines.join("\n")).map((line) => `  ${line}`)];
  }
  const fallback =
    source.fallback === undefined
      ? []
      : [`- Where the option is missing: \`${JSON.stringify(source.fallback)}\``];
  return [`- From: \`${source.set}.${source.path}\``, ...fallback];
}

/** JSON in the layout of the formatter: a list of texts is one line. */
function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/\[[^[\]{}]*\]/gu, (list) =>
    list.replace(/\s*\n\s*/gu, " ").replace(/^\[ | \]$/gu, (end) => end.trim()),
  );
}

function fenced(language: string, text: string): readonly string[] {
  return [`\`\`\`${language}`, ...text.split("\n"), "```"];
}
