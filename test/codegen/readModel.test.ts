import { describe, expect, it } from "vitest";
import { example, ModelError } from "../../src/codegen/model.ts";
import { readModel } from "../../src/codegen/readModel.ts";

const HEAD = "/** A model. */\n\n";

function read(text: string, isExtracted = true) {
  return readModel({ path: "model.ts", text, isExtracted });
}

/** The mistakes in a model, one a line. */
function mistakes(text: string, isExtracted = true): string[] {
  try {
    read(text, isExtracted);
  } catch (error) {
    if (error instanceof ModelError) return error.message.split("\n");
    throw error;
  }
  return [];
}

/** A model with one interface; its properties begin at line 5. */
function withProperties(properties: string): string {
  return `${HEAD}/** A host.\n *\n */ export interface Host {\n${properties}\n}\n`;
}

describe("readModel", () => {
  it("reads documentation, tags and types", () => {
    const model = read(`/**
 * What it is for.
 *
 * More of
 * it.
 *
 * And more.
 */

/**
 * One host.
 */
export interface Host extends Base {
  /**
   * Where things are:
   * everywhere.
   *
   * @option a.b
   * @pattern ^/
   * @readBy the page,
   *   and more
   * @example "/y"
   */
  at: string;

  /**
   * How much.
   *
   * @readBy it
   * @example "much"
   */
  howMuch: "much" | "little";
}

/** Comes first. */
export interface Base {
  /**
   * Version.
   *
   * @readBy it
   * @example 3
   */
  version: 3;
}
`);
    expect(model.title).toBe("What it is for.");
    expect(model.documentation).toBe("More of\nit.\n\nAnd more.");
    expect(model.interfaces.map(({ name, bases }) => ({ name, bases }))).toEqual([
      { name: "Host", bases: ["Base"] },
      { name: "Base", bases: [] },
    ]);
    expect(model.interfaces[0]).toMatchObject({
      documentation: "One host.",
      properties: [
        {
          name: "at",
          documentation: "Where things are:\neverywhere.",
          type: { kind: "text", nullable: false },
          option: "a.b",
          pattern: "^/",
          readBy: "the page,\n  and more",
          example: "/y",
        },
        {
          name: "howMuch",
          type: { kind: "choice", values: ["much", "little"] },
          option: undefined,
        },
      ],
    });
    expect(model.interfaces[1]?.properties[0]).toMatchObject({
      type: { kind: "constant", value: 3 },
    });
  });

  it.each([
    ["boolean", { kind: "boolean" }],
    ["string", { kind: "text", nullable: false }],
    ["string | null", { kind: "text", nullable: true }],
    ["string[]", { kind: "textList" }],
    ['"only"', { kind: "choice", values: ["only"] }],
    ["Record<string, Host>", "contains itself"],
    ["number", "is not supported"],
    ["string | undefined", "is not supported"],
    ["string | boolean", "is not supported"],
    ["Array<string>", "is not supported"],
    ["Host[][]", "is not supported"],
    ["Record<number, Host>", "is not supported"],
    ["Record<string, string>", "is not supported"],
    ["{ a: string }", "is not supported"],
  ])("type %s", (type, expected) => {
    const text = withProperties(
      `/** It.\n * @option x\n * @readBy y\n * @example 1\n */\n it: ${type};`,
    );
    if (typeof expected === "string") expect(mistakes(text).join()).toContain(expected);
    else expect(read(text).interfaces[0]?.properties[0]?.type).toEqual(expected);
  });

  it.each([
    ["it: boolean;", 'model.ts:6: Host, property "it": has no doc comment that says what it is'],
    ["/** It.\n * @option x */\nit: boolean;", "has no tag @example"],
    ["/** It.\n * @option x */\nit: boolean;", "has no tag @readBy that says what uses it"],
    ["/** It.\n * @option\n * @example 1 */\nit: boolean;", "tag @option has no value"],
    [
      "/** It.\n * @option x\n * @option y\n * @example 1 */\nit: boolean;",
      "tag @option is given twice",
    ],
    [
      "/** It.\n * @optoin x\n * @example 1 */\nit: boolean;",
      "unknown tag @optoin; known here: @op",
    ],
    ["/** It.\n * @option x\n * @example yes */\nit: boolean;", "@example is not JSON: yes"],
    ["/** It.\n * @option x\n * @sorted\n * @example 1 */\nit: boolean;", "@sorted needs the type"],
    [
      "/** It.\n * @option x\n * @pattern a\n * @example 1 */\nit: boolean;",
      "@pattern needs the type",
    ],
    ["/** It.\n * @option x\n * @readBy y\n * @example 1 */\nit?: boolean;", "is optional"],
    ["it(): void;", "MethodSignature is not supported"],
    [
      "/** It.\n * @option x\n * @readBy y\n * @example 1 */\nit: Record<string, Nobody>;",
      "no interface Nobody",
    ],
  ])("mistake in %j", (property, expected) => {
    expect(mistakes(withProperties(property)).join("\n")).toContain(expected);
  });

  it.each([
    ["type A = string;", "model.ts:3: the model holds exported interfaces only"],
    ["interface A {}", "model.ts:3: the model holds exported interfaces only"],
    ["/** B. */ export interface B {}\nexport interface A {}", "model.ts:4: A: has no doc comment"],
    ["/** A. */ export interface A extends B {}", "A: there is no interface B"],
    ["/** A. */ export interface A extends A {}", "A: contains itself"],
  ])("mistake in %j", (statement, expected) => {
    expect(mistakes(HEAD + statement).join("\n")).toContain(expected);
  });

  it("does not let a property be defined again", () => {
    const it = "/** It.\n * @option x\n * @readBy y\n * @example 1 */\nit: boolean;";
    const text = `${withProperties(it)}/** B. */ export interface B extends Host { ${it} }`;
    expect(mistakes(text).join()).toContain('B: property "it" is defined twice');
  });

  it("reports every mistake, each at its line", () => {
    const text = withProperties("a: boolean;\n\nb: number;");
    expect(mistakes(text).map((mistake) => mistake.slice(0, 12))).toEqual([
      ...Array(3).fill("model.ts:6: "),
      ...Array(4).fill("model.ts:8: "),
    ]);
  });

  it("wants a comment at the head", () => {
    expect(mistakes("/** A. */ export interface A {}")).toEqual([
      "model.ts:1: the model has no comment at its head",
    ]);
  });

  it("reads a model that is not extracted: lists of interfaces, and no tags for Nix", () => {
    const text = `${HEAD}/** A plan. */
export interface Plan {
  /** Its files. */
  files: File[];
}

/** A file. */
export interface File {
  /**
   * Where it is.
   *
   * @example "/x"
   */
  path: string;
}
`;
    const model = read(text, false);
    expect(model.interfaces[0]?.properties[0]).toMatchObject({
      type: { kind: "list", of: "File" },
    });
    expect(example(model, "Plan")).toEqual({ files: [{ path: "/x" }] });
    expect(mistakes(text.replace("@example", "@option x\n   * @example"), false).join()).toContain(
      "unknown tag @option; known here: @sorted, @pattern, @example",
    );
    expect(mistakes(text.replace("File[]", "Flie[]"), false).join()).toContain(
      "there is no interface Flie",
    );
  });
});
