import { allProperties } from "./model/allProperties.ts";
import { interfaceNamed } from "./model/interfaceNamed.ts";
import type { Model, ModelInterface, ModelProperty } from "./model/Model.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Record<string, unknown>;

/**
 * The JSON Schema (draft 2020-12) of the model. The schema is the document's, `root`; every
 * interface of `roots` and whatever they mention is in `$defs`, with inherited properties in place.
 */
export function schema(model: Model, root: string, others: readonly string[]): JsonSchema {
  const names = [root, ...others].flatMap((name) => mentioned(model, name));
  const definitions = [...new Set(names)].map((name) => [
    name,
    objectSchema(model, interfaceNamed(model, name)),
  ]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "microvm-sweep usage document",
    $ref: `#/$defs/${root}`,
    $defs: Object.fromEntries(definitions),
  };
}

function mentioned(model: Model, name: string): readonly string[] {
  const records = allProperties(model, interfaceNamed(model, name)).flatMap(({ type }) =>
    type.kind === "record" ? mentioned(model, type.of) : [],
  );
  return [name, ...records];
}

function objectSchema(model: Model, of: ModelInterface): JsonSchema {
  const properties = allProperties(model, of);
  return {
    description: flat(of.documentation),
    type: "object",
    properties: Object.fromEntries(
      properties.map((property) => [property.name, propertySchema(property)]),
    ),
    required: properties.map(({ name }) => name),
    additionalProperties: false,
  };
}

function propertySchema(property: ModelProperty): JsonSchema {
  const { pattern, sorted } = property;
  return {
    description: flat(property.documentation),
    ...typeSchema(property),
    ...(pattern === undefined ? {} : { pattern }),
    ...(sorted ? { uniqueItems: true } : {}),
    ...(property.type.kind === "record" ? {} : { examples: [property.example] }),
  };
}

/** A value that is out of place is one fault: no `type` beside `enum` and `const`. */
function typeSchema({ type }: ModelProperty): JsonSchema {
  switch (type.kind) {
    case "boolean":
      return { type: "boolean" };
    case "text":
      return { type: type.nullable ? ["string", "null"] : "string" };
    case "textList":
      return { type: "array", items: { type: "string" } };
    case "choice":
      return { enum: type.values };
    case "constant":
      return { const: type.value };
    case "record":
      return { type: "object", additionalProperties: { $ref: `#/$defs/${type.of}` } };
  }
}

function flat(text: string): string {
  return text.replace(/\s+/gu, " ");
}
