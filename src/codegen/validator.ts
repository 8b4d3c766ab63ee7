import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import type { JsonSchema } from "./schema.ts";

/**
 * The source of an ES module that validates without ajv: one exported function for each entry of
 * `functions`, from the function's name to the definition it checks.
 *
 * The functions report all faults, each with the schema around it and the value that was found.
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
  ajv.addSchema(schema, "usage");
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

/** The type declarations of that module: `types` maps each function to its interface of the model. */
export function validatorTypes(types: Readonly<Record<string, string>>): string {
  return [
    'import type { ErrorObject } from "ajv";',
    `import type { ${Object.values(types).sort().join(", ")} } from "./model.ts";`,
    "",
    "/** Tells whether a value has the shape of T; where it has not, `errors` says why until the next call. */",
    "export interface Validate<T> {",
    "  (value: unknown): value is T;",
    "  errors?: ErrorObject[] | null;",
    "}",
    "",
    ...Object.entries(types).map(([name, type]) => `export const ${name}: Validate<${type}>;`),
  ].join("\n");
}
