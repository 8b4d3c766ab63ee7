// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Nix has the same syntax
import { describe, expect, it } from "vitest";
import { extractorFunction } from "../../src/codegen/extractor.ts";
import { readModel } from "../../src/codegen/readModel.ts";

function functionOf(properties: string, rest = ""): string {
  const text = `/** A model. */

/**
 * One host.
 *
 * @nixArgument member
 * @nixConfig member.config
 */
export interface Host {
${properties}
}
${rest}`;
  return extractorFunction(readModel({ path: "model.ts", text, isExtracted: true }), "Host");
}

function property(type: string, tags: readonly string[]): string {
  const lines = ["It is one.", "", "@readBy it", "@example 1", ...tags].map(
    (line) => ` * ${line}\n`,
  );
  return `/**\n${lines.join("")} */\nit: ${type};`;
}

const TEXT =
  "  # A path becomes its text and is not copied to the store. The result has no string context, so\n" +
  "  # that nothing is built.\n" +
  "  text = value: builtins.unsafeDiscardStringContext (toString value);\n";

describe("extractorFunction", () => {
  it("leaves out helpers that nothing uses", () => {
    expect(functionOf(property("boolean", ["@option a.b"]))).toBe(
      "member: {\n  # It is one.\n  it = member.config.a.b;\n}\n",
    );
  });

  it.each([
    ["boolean", ["@option a", "@default false"], "it = member.config.a or false;"],
    ["string", ["@option a"], "it = text member.config.a;"],
    ["string", ["@option a", '@default "x${y}"'], 'it = text (member.config.a or "x\\${y}");'],
    ["string | null", ["@option a"], "it = textOrNull member.config.a;"],
    ["string[]", ["@option a"], "it = map text member.config.a;"],
    [
      "string[]",
      ["@option a", "@default []", "@sorted"],
      "it = sortedText (member.config.a or [ ]);",
    ],
    ['"x" | "y"', ["@option a"], "it = member.config.a;"],
    ["string", ["@nix f (g a)"], "it = f (g a);"],
    [
      "string",
      ["@nix", "  if a then", "    b", "  else", "    c"],
      "it =\n    if a then\n      b\n    else\n      c;",
    ],
    ["7", [], "it = 7;"],
  ])("%s from %j", (type, tags, expected) => {
    expect(functionOf(property(type, tags))).toContain(`  # It is one.\n  ${expected}\n}\n`);
  });

  it("defines a helper before what uses it", () => {
    expect(functionOf(property("string | null", ["@option a"]))).toBe(
      `member:\nlet\n${TEXT}  textOrNull = value: if value == null then null else text value;\nin\n` +
        "{\n  # It is one.\n  it = textOrNull member.config.a;\n}\n",
    );
  });

  const vm = (tags: string) =>
    `/** A VM.\n * @nixArgument vm\n * @nixConfig vm\n${tags} */\nexport interface Vm {\n${property("boolean", ["@option on"])}\n}`;

  it("maps the members of a record", () => {
    expect(
      functionOf(property("Record<string, Vm>", ["@option vms", "@default {}"]), vm("")),
    ).toContain(
      "  it = builtins.mapAttrs (_: vm: {\n    # It is one.\n    it = vm.on;\n  }) (member.config.vms or { });\n",
    );
  });

  it("gives bindings and an error context to the members of a record", () => {
    const record = property("Record<string, Vm>", [
      "@nix xs",
      '@nixErrorContext in "${name}" ${x}',
    ]);
    expect(functionOf(record, vm(" * @nixLet b = 1;\n"))).toContain(`  it = builtins.mapAttrs (
    name: vm:
    let
      b = 1;
      value = {
        # It is one.
        it = vm.on;
      };
    in
    builtins.addErrorContext "in \\"\${name}\\" \\\${x}" (
      builtins.deepSeq value value
    )
  ) xs;
`);
  });
});
