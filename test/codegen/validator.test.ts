import { describe, expect, it } from "vitest";
import { validator } from "../../src/codegen/validator.ts";

const schemaOf = (definition: object) => ({ $defs: { Thing: definition } });

describe("validator", () => {
  it("is a module without imports", () => {
    const code = validator(schemaOf({ type: "string", pattern: "^a" }), { validateThing: "Thing" });
    expect(code).toContain("export const validateThing");
    expect(code).not.toMatch(/\brequire\b|\bimport\b/u);
  });

  it("refuses a keyword for which ajv would be needed at run time", () => {
    const schema = schemaOf({ type: "string", minLength: 1 });
    expect(() => validator(schema, { validateThing: "Thing" })).toThrow("import a part of ajv");
  });
});
