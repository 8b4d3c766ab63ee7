import { nixString } from "../emit/quote.ts";
import {
  allProperties,
  interfaceNamed,
  type Model,
  type ModelInterface,
  type ModelProperty,
} from "./model.ts";

/**
 * Makes the Nix function that extracts the JSON object of an interface, in the layout of nixfmt.
 *
 * Its arguments are those that `@nixArgument` of the interface and of its bases name. The objects in
 * records are written in place, so that the text needs no other file.
 */
export function extractorFunction(model: Model, name: string): string {
  const used = new Set<NixHelper>();
  const { parameters, bindings, set } = functionParts(model, interfaceNamed(model, name), used);
  const helpers = helperBindings(used);
  const gap = bindings.length > 0 && helpers.length > 0 ? [""] : [];
  return [...lambda(parameters, [...bindings, ...gap, ...helpers], set), ""].join("\n");
}

interface FunctionParts {
  readonly parameters: readonly string[];
  readonly bindings: NixText;
  readonly set: NixText;
}

function functionParts(model: Model, of: ModelInterface, used: Set<NixHelper>): FunctionParts {
  const chain = withBases(model, of);
  const attributes = allProperties(model, of).map((property) => [
    ...nixComment(property.documentation),
    ...binding(property.name, propertyValue(model, property, used)),
  ]);
  const lines = attributes.flatMap((attribute, index) => [
    ...(index === 0 ? [] : [""]),
    ...attribute,
  ]);
  return {
    parameters: chain.flatMap(({ nixArgument }) => nixArgument ?? []),
    bindings: chain.flatMap(({ nixLet }) => nixLet.flatMap((text) => text.split("\n"))),
    set: ["{", ...indent(lines), "}"],
  };
}

function withBases(model: Model, of: ModelInterface): readonly ModelInterface[] {
  return [of, ...of.bases.flatMap((base) => withBases(model, interfaceNamed(model, base)))];
}

function lambda(parameters: readonly string[], bindings: NixText, body: NixText): NixText {
  const head = parameters.map((parameter) => `${parameter}:`).join(" ");
  if (bindings.length === 0) return [`${head} ${body[0]}`, ...body.slice(1)];
  return [head, "let", ...indent(bindings), "in", ...body];
}

/** nixfmt puts an expression of several lines below the equals sign, unless it opens a bracket. */
function binding(name: string, lines: NixText): NixText {
  const ended = [...lines.slice(0, -1), `${lines.at(-1)};`];
  const staysOnLine = lines.length === 1 || /[([{]$/u.test(lines[0] ?? "");
  return staysOnLine
    ? [`${name} = ${ended[0]}`, ...ended.slice(1)]
    : [`${name} =`, ...indent(ended)];
}

function propertyValue(model: Model, property: ModelProperty, used: Set<NixHelper>): NixText {
  const { source, type } = property;
  if (type.kind === "record") return recordValue(model, property, type.of, used);
  if (source.kind === "expression") return source.lines;
  if (source.kind === "option") return [converted(property, sourceText(property), used)];
  return [nixLiteral(type.kind === "constant" ? type.value : undefined)];
}

/** Writes the source of a value on one line, with the parentheses that an argument needs. */
function sourceText({ name, source }: ModelProperty): string {
  if (source.kind === "expression") {
    if (source.lines.length !== 1) throw new Error(`the @nix of record "${name}" is not one line`);
    return source.lines.join("");
  }
  if (source.kind !== "option") throw new Error(`"${name}" has no source`);
  const path = `${source.set}.${source.path}`;
  return source.fallback === undefined ? path : `(${path} or ${nixLiteral(source.fallback)})`;
}

function converted({ type, sorted }: ModelProperty, from: string, used: Set<NixHelper>): string {
  const through = (helper: NixHelper, call: string = helper) => {
    used.add(helper);
    return `${call} ${from}`;
  };
  if (type.kind === "text") return through(type.nullable ? "textOrNull" : "text");
  if (type.kind !== "textList") return from.replace(/^\((.*)\)$/u, "$1");
  return sorted ? through("sortedText") : through("text", "map text");
}

function recordValue(
  model: Model,
  property: ModelProperty,
  of: string,
  used: Set<NixHelper>,
): NixText {
  const { parameters, bindings, set } = functionParts(model, interfaceNamed(model, of), used);
  const from = sourceText(property);
  const context = property.nixErrorContext;
  if (context === undefined && bindings.length === 0) {
    const body = lambda(["_", ...parameters], [], set);
    return [`builtins.mapAttrs (${body[0]}`, ...body.slice(1, -1), `${body.at(-1)}) ${from}`];
  }
  const body =
    context === undefined
      ? lambda(["_", ...parameters], bindings, set)
      : lambda(
          ["name", ...parameters],
          [...bindings, ...binding("value", set)],
          withContext(context),
        );
  return ["builtins.mapAttrs (", ...indent(body), `) ${from}`];
}

/** Nix adds the context to errors inside the call only, so the call forces the whole value. */
function withContext(context: string): NixText {
  const text = nixLiteral(context).replace(/\\(?=\$\{name\})/gu, "");
  return [`builtins.addErrorContext ${text} (`, "  builtins.deepSeq value value", ")"];
}

/** Nix functions that convert extracted values. Each may use those before it. */
const HELPERS = {
  text: [
    "# A path becomes its text and is not copied to the store. The result has no string context, so",
    "# that nothing is built.",
    "text = value: builtins.unsafeDiscardStringContext (toString value);",
  ],
  textOrNull: ["textOrNull = value: if value == null then null else text value;"],
  sortedText: [
    "# Sorts texts and removes duplicates.",
    "sortedText = values: builtins.attrNames (builtins.groupBy text values);",
  ],
} as const;

type NixHelper = keyof typeof HELPERS;

/** Writes the bindings of the helpers that are used. All of them use `text`. */
function helperBindings(used: ReadonlySet<NixHelper>): NixText {
  if (used.size === 0) return [];
  const names = (Object.keys(HELPERS) as NixHelper[]).filter(
    (name) => name === "text" || used.has(name),
  );
  return names.flatMap((name) => HELPERS[name]);
}

/** Lines of Nix, without the indentation of the place they end up in. */
export type NixText = readonly string[];

const COMMENT_WIDTH = 90;

/** Indents lines by one level. Empty lines stay empty. */
export function indent(lines: NixText): NixText {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}

/** Makes comment lines of the first sentence of a doc comment. */
export function nixComment(documentation: string): NixText {
  const words = documentation.replace(/\s+/gu, " ");
  const sentence = /^.*?\.(?= |$)/u.exec(words)?.[0] ?? words;
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > COMMENT_WIDTH) {
      lines.push(`# ${word}`);
    } else {
      lines[lines.length - 1] = `${last} ${word}`;
    }
  }
  return lines;
}

/** Writes a JSON value as a Nix literal, on one line in the layout of nixfmt. */
export function nixLiteral(value: unknown): string {
  if (typeof value === "string") return nixString(value);
  if (value === null || typeof value === "boolean" || Number.isSafeInteger(value)) {
    return String(value);
  }
  if (Array.isArray(value)) return ["[", ...value.map(nixLiteral), "]"].join(" ");
  if (typeof value === "object") {
    const bindings = Object.entries(value as object).map(
      ([key, of]) => `${nixString(key)} = ${nixLiteral(of)};`,
    );
    return ["{", ...bindings, "}"].join(" ");
  }
  throw new Error(`${String(value)} has no Nix literal`);
}
