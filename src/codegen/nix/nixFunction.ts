import { allProperties } from "../model/allProperties.ts";
import { interfaceNamed } from "../model/interfaceNamed.ts";
import type { Model, ModelInterface, ModelProperty } from "../model/Model.ts";
import { indent, type NixText } from "./indent.ts";
import { nixComment } from "./nixComment.ts";
import { type NixHelper, nixHelpers } from "./nixHelpers.ts";
import { nixLiteral } from "./nixLiteral.ts";

/**
 * The Nix function that makes the JSON object of an interface, in the layout of nixfmt.
 *
 * Its arguments are those that the interface and its bases name with `@nixArgument`. Interfaces in
 * records are written in place, so that the text stands on its own.
 */
export function nixFunction(model: Model, name: string): string {
  const used = new Set<NixHelper>();
  const { parameters, bindings, set } = parts(model, interfaceNamed(model, name), used);
  const helpers = nixHelpers(used);
  const gap = bindings.length > 0 && helpers.length > 0 ? [""] : [];
  return [...lambda(parameters, [...bindings, ...gap, ...helpers], set), ""].join("\n");
}

interface Parts {
  readonly parameters: readonly string[];
  readonly bindings: NixText;
  readonly set: NixText;
}

function parts(model: Model, of: ModelInterface, used: Set<NixHelper>): Parts {
  const chain = withBases(model, of);
  const attributes = allProperties(model, of).map((property) => [
    ...nixComment(property.documentation),
    ...binding(property.name, value(model, property, used)),
  ]);
  return {
    parameters: chain.flatMap(({ nixArgument }) => nixArgument ?? []),
    bindings: chain.flatMap(({ nixLet }) => nixLet.flatMap((text) => text.split("\n"))),
    set: ["{", ...indent(attributes.flatMap((lines, index) => [...blank(index), ...lines])), "}"],
  };
}

function withBases(model: Model, of: ModelInterface): readonly ModelInterface[] {
  return [of, ...of.bases.flatMap((base) => withBases(model, interfaceNamed(model, base)))];
}

function blank(index: number): NixText {
  return index === 0 ? [] : [""];
}

function lambda(parameters: readonly string[], bindings: NixText, body: NixText): NixText {
  const head = parameters.map((parameter) => `${parameter}:`).join(" ");
  if (bindings.length === 0) return [`${head} ${body[0]}`, ...body.slice(1)];
  return [head, "let", ...indent(bindings), "in", ...body];
}

/** nixfmt puts an expression of several lines below the equals sign, unless it opens a bracket. */
function binding(name: string, lines: NixText): NixText {
  const ended = [...lines.slice(0, -1), `${lines.at(-1)};`];
  const hugs = lines.length === 1 || /[([{]$/u.test(lines[0] ?? "");
  return hugs ? [`${name} = ${ended[0]}`, ...ended.slice(1)] : [`${name} =`, ...indent(ended)];
}

function value(model: Model, property: ModelProperty, used: Set<NixHelper>): NixText {
  const { source, type } = property;
  if (type.kind === "record") return record(model, property, type.of, used);
  if (source.kind === "expression") return source.lines;
  if (source.kind === "option") return [converted(property, operand(property), used)];
  return [nixLiteral(type.kind === "constant" ? type.value : undefined)];
}

/** The source of a value on one line, in parentheses where it could not be an argument without. */
function operand({ name, source }: ModelProperty): string {
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

function record(model: Model, property: ModelProperty, of: string, used: Set<NixHelper>): NixText {
  const { parameters, bindings, set } = parts(model, interfaceNamed(model, of), used);
  const from = operand(property);
  const context = property.nixErrorContext;
  if (context === undefined && bindings.length === 0) {
    const body = lambda(["_", ...parameters], [], set);
    return [`builtins.mapAttrs (${body[0]}`, ...body.slice(1, -1), `${body.at(-1)}) ${from}`];
  }
  const body =
    context === undefined
      ? lambda(["_", ...parameters], bindings, set)
      : lambda(["name", ...parameters], [...bindings, ...binding("value", set)], forced(context));
  return ["builtins.mapAttrs (", ...indent(body), `) ${from}`];
}

/** The context covers what is evaluated inside the call, hence all of the value at once. */
function forced(context: string): NixText {
  const text = nixLiteral(context).replace(/\\(?=\$\{name\})/gu, "");
  return [`builtins.addErrorContext ${text} (`, "  builtins.deepSeq value value", ")"];
}
