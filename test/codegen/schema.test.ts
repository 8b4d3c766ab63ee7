import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { readModel } from "../../src/codegen/readModel.ts";
import { schema, validator } from "../../src/codegen/schema.ts";

const schemaOf = (definition: object) => ({ $defs: { Thing: definition } });

describe("validator", () => {
  it("makes a module without imports", () => {
    const code = validator(schemaOf({ type: "string", pattern: "^a" }), { validateThing: "Thing" });
    expect(code).toContain("export const validateThing");
    expect(code).not.toMatch(/\brequire\b|\bimport\b/u);
  });

  it("refuses a keyword that needs a part of ajv at run time", () => {
    const schema = schemaOf({ type: "string", minLength: 1 });
    expect(() => validator(schema, { validateThing: "Thing" })).toThrow("import a part of ajv");
  });
});

it("the schema of a model describes lists and records of interfaces, and inherited properties", () => {
  const text = `/** A model. */

/** A list. */
export interface All extends Versioned {
  /** Its things. */
  things: Thing[];
  /** By name.
   * @example "a" */
  named: Record<string, Thing>;
}
/** A version. */
export interface Versioned {
  /** It.
   * @example 1 */
  version: 1;
}
/** A thing. */
export interface Thing {
  /** Its name.
   * @example null */
  name: string | null;
}
`;
  const model = readModel({ path: "model.ts", text, isExtracted: false });
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
    schema(model, "All", { title: "all" }),
  );
  const thing = { name: null };
  expect(validate({ version: 1, things: [thing], named: { a: { name: "b" } } })).toBe(true);
  expect(validate({ version: 1, things: [thing], named: { a: 1 } })).toBe(false);
  expect(validate({ version: 1, things: [{ ...thing, odd: 1 }], named: {} })).toBe(false);
  expect(validate({ version: 1, things: thing, named: {} })).toBe(false);
  expect(validate({ things: [], named: {} })).toBe(false);
});
