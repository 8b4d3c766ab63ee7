import { describe, expect, it } from "vitest";
import { ModelError } from "../../../src/codegen/model/ModelError.ts";
import { readModel } from "../../../src/codegen/model/readModel.ts";

const HEAD = "/** A model. */\n\n";

function faults(text: string): string[] {
  try {
    readModel(text, "model.ts");
  } catch (error) {
    if (error instanceof ModelError) return error.message.split("\n");
    throw error;
  }
  return [];
}

/** A model with one interface; its properties begin at line 5. */
function withProperties(properties: string, tags = "@nixConfig config"): string {
  return `${HEAD}/** A host. ${"\n"} * ${tags}\n */ export interface Host {\n${properties}\n}\n`;
}

describe("readModel", () => {
  it("reads documentation, tags and types", () => {
    const model = readModel(
      `/**
 * What it is for.
 */

/**
 * One host.
 *
 * @nixArgument member
 * @nixLet inherit (member) config;
 * @nixConfig config
 */
export interface Host extends Base {
  /**
   * Where things are:
   * everywhere.
   *
   * @option a.b
   * @default "/x"
   * @pattern ^/
   * @example "/y"
   */
  at: string;

  /**
   * How much.
   *
   * @nix
   *   if config.a then
   *     "much"
   *   else
   *     "little"
   * @example "much"
   */
  howMuch: "much" | "little";
}

/** Comes first. */
export interface Base {
  /**
   * Version.
   *
   * @example 3
   */
  version: 3;
}
`,
      "model.ts",
    );
    expect(model.documentation).toBe("What it is for.");
    expect(model.interfaces.map(({ name, bases }) => ({ name, bases }))).toEqual([
      { name: "Host", bases: ["Base"] },
      { name: "Base", bases: [] },
    ]);
    expect(model.interfaces[0]).toMatchObject({
      documentation: "One host.",
      nixArgument: "member",
      nixLet: ["inherit (member) config;"],
      properties: [
        {
          name: "at",
          documentation: "Where things are:\neverywhere.",
          type: { kind: "text", nullable: false },
          source: { kind: "option", set: "config", path: "a.b", fallback: "/x" },
          pattern: "^/",
          example: "/y",
        },
        {
          name: "howMuch",
          type: { kind: "choice", values: ["much", "little"] },
          source: {
            kind: "expression",
            lines: ["if config.a then", '  "much"', "else", '  "little"'],
          },
        },
      ],
    });
    expect(model.interfaces[1]?.properties[0]).toMatchObject({
      type: { kind: "constant", value: 3 },
      source: { kind: "type" },
    });
  });

  it.each([
    ["boolean", { kind: "boolean" }],
    ["string", { kind: "text", nullable: false }],
    ["string | null", { kind: "text", nullable: true }],
    ["string[]", { kind: "textList" }],
    ['"only"', { kind: "choice", values: ["only"] }],
    ["Record<string, Host>", "leads back to itself"],
    ["number", "is not supported"],
    ["string | undefined", "is not supported"],
    ["string | boolean", "is not supported"],
    ["Array<string>", "is not supported"],
    ["Record<number, Host>", "is not supported"],
    ["Record<string, string>", "is not supported"],
    ["{ a: string }", "is not supported"],
  ])("type %s", (type, expected) => {
    const text = withProperties(`/** It.\n * @nix x\n * @example 1\n */\n it: ${type};`);
    if (typeof expected === "string") expect(faults(text).join()).toContain(expected);
    else expect(readModel(text, "m").interfaces[0]?.properties[0]?.type).toEqual(expected);
  });

  it.each([
    ["it: boolean;", 'model.ts:6: Host, property "it": has no doc comment that says what it is'],
    ["/** It. */\nit: boolean;", "has no tag that says where it comes from: @option or @nix"],
    ["/** It. @nix x */\nit: boolean;", "has no tag that says where it comes from"],
    ["/** It.\n * @nix x */\nit: boolean;", "has no tag @example"],
    ["/** It.\n * @nix\n * @example 1 */\nit: boolean;", "tag @nix has no value"],
    ["/** It.\n * @nix x\n * @nix y\n * @example 1 */\nit: boolean;", "tag @nix is given twice"],
    ["/** It.\n * @nix x\n * @option y\n * @example 1 */\nit: boolean;", "both @option and @nix"],
    ["/** It.\n * @nix x\n * @default 1\n * @example 1 */\nit: boolean;", "@default needs @option"],
    [
      "/** It.\n * @optoin x\n * @example 1 */\nit: boolean;",
      "unknown tag @optoin; known here: @op",
    ],
    ["/** It.\n * @nix x\n * @example yes */\nit: boolean;", "@example is not JSON: yes"],
    ["/** It.\n * @nix x\n * @sorted\n * @example 1 */\nit: boolean;", "@sorted needs the type"],
    [
      "/** It.\n * @nix x\n * @pattern a\n * @example 1 */\nit: boolean;",
      "@pattern needs the type",
    ],
    ["/** It.\n * @nix x\n * @nixErrorContext a\n * @example 1 */\nit: boolean;", "needs a record"],
    ["/** It.\n * @nix x\n * @example 1 */\nit?: boolean;", "is optional"],
    ["it(): void;", "MethodSignature is not supported"],
    ["/** It.\n * @nix x\n * @example 1 */\nit: Record<string, Nobody>;", "no interface Nobody"],
  ])("fault in %j", (property, expected) => {
    expect(faults(withProperties(property)).join("\n")).toContain(expected);
  });

  it("wants to know where options are read from", () => {
    const text = withProperties(
      "/** It.\n * @option x\n * @example 1 */\nit: boolean;",
      "@nixLet a",
    );
    expect(faults(text).join()).toContain("has @option, but its interface has no @nixConfig");
  });

  it.each([
    ["type A = string;", "model.ts:3: the model holds exported interfaces only"],
    ["interface A {}", "model.ts:3: the model holds exported interfaces only"],
    ["/** B. */ export interface B {}\nexport interface A {}", "model.ts:4: A: has no doc comment"],
    ["/** A. */ export interface A extends B {}", "A: there is no interface B"],
    ["/** A. */ export interface A extends A {}", "A: leads back to itself"],
  ])("fault in %j", (statement, expected) => {
    expect(faults(HEAD + statement).join("\n")).toContain(expected);
  });

  it("does not let a property be defined again", () => {
    const it = "/** It.\n * @nix x\n * @example 1 */\nit: boolean;";
    const text = `${withProperties(it)}/** B. */ export interface B extends Host { ${it} }`;
    expect(faults(text).join()).toContain('B: property "it" is defined twice');
  });

  it("reports every fault, each at its line", () => {
    const text = withProperties("a: boolean;\n\nb: number;");
    expect(faults(text).map((fault) => fault.slice(0, 12))).toEqual([
      ...Array(3).fill("model.ts:6: "),
      ...Array(4).fill("model.ts:8: "),
    ]);
  });

  it("wants a comment at the head", () => {
    expect(faults("/** A. */ export interface A {}")).toEqual([
      "model.ts:1: the model has no comment at its head",
    ]);
  });
});
