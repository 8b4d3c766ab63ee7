import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MODEL_PATHS } from "../../src/codegen/generate.ts";
import { example } from "../../src/codegen/model.ts";
import { readModel } from "../../src/codegen/readModel.ts";
import type { HostLine, UsageDocument } from "../../src/usage/model.ts";
import { documentErrors, lineErrors } from "./shapeErrors.ts";

const path = MODEL_PATHS.usage;
const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const model = readModel({ path, text, isExtracted: true });
const document = () => example(model, "UsageDocument");
const line = () => example(model, "HostLine");

/** The errors of a document as short text: where, which keyword, with what parameters. */
function errorTexts(value: unknown): string[] {
  return documentErrors(value).map(
    ({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${JSON.stringify(params)}`,
  );
}

/** The example with one property of its host, or of the host's VM, set to something else. */
function changed(at: "host" | "vm", key: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(document()));
  const host = copy.hosts["hyp-01"];
  (at === "host" ? host : host.vms.fw)[key] = value;
  return copy;
}

describe("the validators", () => {
  it("accept the example, which has the types of the model", () => {
    const typed: UsageDocument = {
      schemaVersion: 1,
      hosts: {
        "hyp-01": {
          system: "x86_64-linux",
          nixosRelease: "26.05",
          role: "host",
          hostModule: "enabled",
          stateDir: "/var/lib/microvms",
          autostart: ["fw", "imp"],
          activationScripts: true,
          etcOverlay: "none",
          vms: { fw: { kind: "config", autostart: true, updateFlake: null } },
        },
      },
    };
    expect(document()).toEqual(typed);
    expect(errorTexts(typed)).toEqual([]);
  });

  it("accept a line of JSON Lines, and neither form in place of the other", () => {
    const typed: HostLine = { ...(line() as unknown as HostLine) };
    expect(lineErrors(typed)).toEqual([]);
    expect(lineErrors(document())).not.toEqual([]);
    expect(documentErrors(line())).not.toEqual([]);
    const { host: _host, ...nameless } = line();
    expect(lineErrors(nameless).map(({ params }) => params)).toEqual([{ missingProperty: "host" }]);
  });

  it.each([
    ["host", "system", "x86", '/hosts/hyp-01/system pattern {"pattern":"^[a-z0-9_]+-[a-z0-9_]+$"}'],
    ["host", "nixosRelease", 26.05, '/hosts/hyp-01/nixosRelease type {"type":"string"}'],
    ["host", "role", "both", '/hosts/hyp-01/role enum {"allowedValues":["host","guest"]}'],
    ["host", "role", 1, '/hosts/hyp-01/role enum {"allowedValues":["host","guest"]}'],
    ["host", "stateDir", null, '/hosts/hyp-01/stateDir type {"type":"string"}'],
    ["host", "autostart", "fw", '/hosts/hyp-01/autostart type {"type":"array"}'],
    ["host", "autostart", [1], '/hosts/hyp-01/autostart/0 type {"type":"string"}'],
    ["host", "autostart", ["a", "b", "a"], '/hosts/hyp-01/autostart uniqueItems {"i":0,"j":2}'],
    ["host", "activationScripts", "yes", '/hosts/hyp-01/activationScripts type {"type":"boolean"}'],
    ["host", "vms", [], '/hosts/hyp-01/vms type {"type":"object"}'],
    ["host", "vms", { "a/b~": 1 }, '/hosts/hyp-01/vms/a~1b~0 type {"type":"object"}'],
    ["host", "vsm", {}, '/hosts/hyp-01 additionalProperties {"additionalProperty":"vsm"}'],
    ["host", "etcOverlay", undefined, '/hosts/hyp-01 required {"missingProperty":"etcOverlay"}'],
    ["vm", "updateFlake", 1, '/hosts/hyp-01/vms/fw/updateFlake type {"type":["string","null"]}'],
    ["vm", "kind", undefined, '/hosts/hyp-01/vms/fw required {"missingProperty":"kind"}'],
  ] as const)("one error: %s.%s = %j", (at, key, value, expected) => {
    expect(errorTexts(JSON.parse(JSON.stringify(changed(at, key, value))))).toEqual([expected]);
  });

  it.each([2, "1", null, 0])("one error: schemaVersion %j", (schemaVersion) => {
    expect(errorTexts({ ...document(), schemaVersion })).toEqual([
      '/schemaVersion const {"allowedValue":1}',
    ]);
  });

  it.each([null, [], "x", 1])("one error: %j in place of a document", (value) => {
    expect(errorTexts(value)).toEqual([' type {"type":"object"}']);
  });

  it("report all errors at once, each with the value and the schema around it", () => {
    const errors = documentErrors({ hosts: { a: {} }, extra: 1 });
    expect(errors.filter(({ keyword }) => keyword === "required")).toHaveLength(1 + 9);
    const unknown = errors.find(({ keyword }) => keyword === "additionalProperties");
    expect(unknown?.data).toEqual({ hosts: { a: {} }, extra: 1 });
    const { properties } = unknown?.parentSchema ?? {};
    expect(Object.keys(properties)).toEqual(["schemaVersion", "hosts"]);
  });

  it("treat names that every object inherits like other names", () => {
    const host = JSON.stringify(changed("host", "role", "host"));
    const named = (name: string) => JSON.parse(host.replaceAll("hyp-01", name).replace("fw", name));
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(errorTexts(named(name)), name).toEqual([]);
    }
    const wrong = JSON.parse('{"schemaVersion": 1, "hosts": {"__proto__": 1, "constructor": {}}}');
    expect(errorTexts(wrong)).toContain('/hosts/__proto__ type {"type":"object"}');
    expect(errorTexts(wrong)).toContain('/hosts/constructor required {"missingProperty":"system"}');
    const extra = JSON.parse(host.replace('"role"', '"__proto__":{},"constructor":1,"role"'));
    expect(errorTexts(extra)).toEqual([
      '/hosts/hyp-01 additionalProperties {"additionalProperty":"__proto__"}',
      '/hosts/hyp-01 additionalProperties {"additionalProperty":"constructor"}',
    ]);
  });

  it("see only what an object has itself", () => {
    const { hosts, ...rest } = document();
    expect(errorTexts(Object.assign(Object.create({ hosts }), rest))).toEqual([
      ' required {"missingProperty":"hosts"}',
    ]);
  });

  it("import nothing", () => {
    const url = new URL("../../src/usage/validate.generated.js", import.meta.url);
    expect(readFileSync(url, "utf8")).not.toMatch(/\brequire\b\s*\(|\bimport\b/u);
  });
});
