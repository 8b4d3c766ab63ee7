import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import type { JsonSchema } from "./schema.ts";

/**
 * The source of an ES module that validates without ajv: one exported function for each entry of
 * `functions`, from the function's name to the definition it checks.
 *
 * The functions report all faults, each with the schema around it and the value that was found. They
 * look at the object alone: ajv would copy all faults so far for each member of a record that has one.
 * The members are validated one by one, and as many of them as are worth it.
 *
 * @throws Error where ajv would need a part of itself at run time; such a keyword has no place in
 *   the schema
 */
export function validator(schema: JsonSchema, functions: Readonly<Record<string, string>>): string {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    ownProperties: true,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addSchema(withoutMembers(schema), "usage");
  const references = Object.entries(functions).map(([name, definition]) => [
    name,
    `usage#/$defs/${definition}`,
  ]);
  const code = standalone.default(ajv, Object.fromEntries(references));
  if (/\brequire\(|\bimport\b/u.test(code)) {
    throw new Error("the validator would import a part of ajv; use other keywords in the schema");
  }
  return code.trimEnd();
}

/** The schema without what it says of the members of records: only they refer to a definition. */
function withoutMembers(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === "additionalProperties" && Object.hasOwn(Object(value), "$ref") ? undefined : value,
  );
}

/** The type declarations of that module: `types` maps each function to its interface of the model. */
export function validatorTypes(types: Readonly<Record<string, string>>): string {
  return [
    'import type { ErrorObject } from "ajv";',
    "",
    "/**",
    " * Tells whether a value has the shape of one interface of the model, whatever the members of its",
    " * records are. Where it has not, `errors` says why until the next call; their paths start with",
    " * `instancePath`.",
    " */",
    "export interface Validate {",
    "  (value: unknown, context?: { readonly instancePath: string }): boolean;",
    "  errors?: ErrorObject[] | null;",
    "}",
    ...Object.entries(types).flatMap(([name, type]) => [
      "",
      `/** Checks a \`${type}\`. */`,
      `export const ${name}: Validate;`,
    ]),
  ].join("\n");
}
