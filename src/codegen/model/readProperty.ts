import type { PropertySignature } from "ts-morph";
import type { ModelProperty, PropertySource, PropertyType } from "./Model.ts";
import { readType } from "./readType.ts";
import { splitComment } from "./splitComment.ts";
import { Tags } from "./Tags.ts";

const TAGS = ["option", "default", "nix", "nixErrorContext", "sorted", "pattern", "example"];

const SUPPORTED =
  "boolean, string, string | null, string[], string literals and their unions, a number literal, " +
  "Record<string, Interface>";

/**
 * One property of the model. Faults go to `report`; a property with a fault may come back
 * incomplete and is good for finding more faults only.
 */
export function readProperty(
  node: PropertySignature,
  nixConfig: string | undefined,
  report: (message: string) => void,
): ModelProperty {
  const what = `property "${node.getName()}"`;
  const say = (message: string) => report(`${what}: ${message}`);
  const { documentation, tags } = splitComment(node.getJsDocs().at(-1)?.getInnerText() ?? "");
  if (documentation === "") say("has no doc comment that says what it is");
  if (node.hasQuestionToken()) say("is optional; every property of the usage is required");
  const type = readType(node.getTypeNode());
  if (type === undefined) {
    say(`type ${node.getTypeNode()?.getText() ?? "(none)"} is not supported; use ${SUPPORTED}`);
  }
  const known = new Tags(tags, TAGS, say);
  if (known.has("sorted") && type?.kind !== "textList") say("@sorted needs the type string[]");
  if (known.has("pattern") && type?.kind !== "text") say("@pattern needs the type string");
  if (known.has("nixErrorContext") && type?.kind !== "record")
    say("@nixErrorContext needs a record");
  if (!known.has("example")) say("has no tag @example");
  return {
    name: node.getName(),
    documentation,
    type: type ?? { kind: "boolean" },
    source: readSource(known, type, nixConfig, say),
    sorted: known.has("sorted"),
    pattern: known.text("pattern"),
    nixErrorContext: known.text("nixErrorContext"),
    example: known.json("example"),
  };
}

function readSource(
  tags: Tags,
  type: PropertyType | undefined,
  nixConfig: string | undefined,
  say: (message: string) => void,
): PropertySource {
  const path = tags.text("option");
  const lines = tags.lines("nix");
  if (path !== undefined && lines !== undefined) say("has both @option and @nix");
  if (path === undefined && tags.has("default")) say("@default needs @option");
  if (path !== undefined) {
    if (nixConfig === undefined) say("has @option, but its interface has no @nixConfig");
    return { kind: "option", set: nixConfig ?? "", path, fallback: tags.json("default") };
  }
  if (lines !== undefined) return { kind: "expression", lines };
  if (type?.kind !== "constant") say("has no tag that says where it comes from: @option or @nix");
  return { kind: "type" };
}
