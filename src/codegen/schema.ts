import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import {
  allProperties,
  interfaceNamed,
  type Model,
  type ModelInterface,
  type ModelProperty,
} from "./model.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Record<string, unknown>;

/**
 * Makes the JSON Schema (draft 2020-12) of a model. It describes the interface `root`. `$defs` has
 * `root`, `others` and all interfaces that they refer to, with inherited properties in place.
 */
export function schema(
  model: Model,
  root: string,
  { title, others = [] }: { readonly title: string; readonly others?: readonly string[] },
): JsonSchema {
  const names = [root, ...others].flatMap((name) => withReferences(model, name));
  const definitions = [...new Set(names)].map((name) => [
    name,
    objectSchema(model, interfaceNamed(model, name)),
  ]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    $ref: `#/$defs/${root}`,
    $defs: Object.fromEntries(definitions),
  };
}

function withReferences(model: Model, name: string): readonly string[] {
  const properties = allProperties(model, interfaceNamed(model, name));
  return [
    name,
    ...properties.flatMap(({ type }) => ("of" in type ? withReferences(model, type.of) : [])),
  ];
}

function objectSchema(model: Model, of: ModelInterface): JsonSchema {
  const properties = allProperties(model, of);
  return {
    description: onOneLine(of.documentation),
    type: "object",
    properties: Object.fromEntries(
      properties.map((property) => [property.name, propertySchema(property)]),
    ),
    required: properties.map(({ name }) => name),
    additionalProperties: false,
  };
}

function propertySchema(property: ModelProperty): JsonSchema {
  const { pattern, sorted, type } = property;
  return {
    description: onOneLine(property.documentation),
    ...typeSchema(property),
    ...(pattern === undefined ? {} : { pattern }),
    ...(sorted ? { uniqueItems: true } : {}),
    ...("of" in type ? {} : { examples: [property.example] }),
  };
}

/** Has no `type` beside `enum` and `const`, so that a wrong value is one error. */
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
    case "list":
      return { type: "array", items: { $ref: `#/$defs/${type.of}` } };
    case "record":
      return { type: "object", additionalProperties: { $ref: `#/$defs/${type.of}` } };
  }
}

function onOneLine(text: string): string {
  return text.replace(/\s+/gu, " ");
}

/**
 * Makes an ES module that validates without ajv. `functions` maps the name of each exported function to
 * the definition that it checks.
 *
 * A function reports all errors, each with the schema around it and the value that was found. It does
 * not look at the members of records: ajv would copy all errors so far for each member that has one.
 * Members are validated one by one, until there are enough errors.
 *
 * @throws Error where a keyword needs a part of ajv at run time
 */
export function validator(schema: JsonSchema, functions: Readonly<Record<string, string>>): string {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    ownProperties: true,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addSchema(withoutMembers(schema), "schema");
  const references = Object.entries(functions).map(([name, definition]) => [
    name,
    `schema#/$defs/${definition}`,
  ]);
  const code = standalone.default(ajv, Object.fromEntries(references));
  if (/\brequire\(|\bimport\b/u.test(code)) {
    throw new Error("the validator would import a part of ajv; use other keywords in the schema");
  }
  return code.trimEnd();
}

/** Removes the schemas of the members of records. Nothing else refers to a definition. */
function withoutMembers(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === "additionalProperties" && Object.hasOwn(Object(value), "$ref") ? undefined : value,
  );
}

/** Makes the type declarations of that module. */
export function validatorTypes(functions: Readonly<Record<string, string>>): string {
  return [
    'import type { Validate } from "../json/shape.ts";',
    ...Object.entries(functions).flatMap(([name, type]) => [
      "",
      `/** Checks a \`${type}\`. */`,
      `export const ${name}: Validate;`,
    ]),
  ].join("\n");
}
