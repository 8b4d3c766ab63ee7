import { describe, expect, it } from "vitest";
import { checkPolicy } from "../../src/sweep/checkPolicy.ts";
import { mergePolicy } from "../../src/sweep/mergePolicy.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/sweep/policy.ts";
import { readPolicy } from "../../src/sweep/readPolicy.ts";
import { host } from "../usage/documents.ts";

function read(text: string) {
  return readPolicy(new TextEncoder().encode(text), { file: "policy.json" });
}

function faults(text: string): string[] {
  return read(text).diagnostics.map(({ position, code, pointer }) =>
    `${position?.line}:${position?.column} ${code} ${pointer}`.trimEnd(),
  );
}

describe("a policy file", () => {
  it("may name any part of a policy", () => {
    expect(read("{}")).toEqual({ settings: {}, diagnostics: [] });
    const settings = {
      orphans: "stop-all",
      keep: ["lab"],
      unitDirs: ["/srv/units"],
      backend: "service",
    };
    expect(read(JSON.stringify(settings))).toEqual({ settings, diagnostics: [] });
  });

  it.each([
    ["an unknown key", '{"orphan": "stop"}', ["1:2 MS1102 /orphan"]],
    ["an unknown value", '{"state": "remove"}', ["1:11 MS1105 /state"]],
    ["a value of another type", '{"gcroots": true}', ["1:13 MS1105 /gcroots"]],
    ["a text for a list", '{"keep": "lab"}', ["1:10 MS1104 /keep"]],
    ["a number in a list", '{"keep": ["lab", 1]}', ["1:18 MS1104 /keep/1"]],
    ["a key twice", '{"keep": [],\n"keep": []}', ["2:1 MS1006 /keep"]],
    [
      "a key that objects inherit",
      '{"constructor": 1, "__proto__": 2}',
      ["1:2 MS1102 /constructor", "1:20 MS1102 /__proto__"],
    ],
    ["no object", "[]", ["1:1 MS1104"]],
    ["nothing", "", ["1:1 MS1001"]],
    ["no JSON", "keep: lab", ["1:1 MS1002"]],
  ])("with %s is refused", (_name, text, expected) => {
    expect(faults(text)).toEqual(expected);
    expect(read(text).settings).toBeUndefined();
  });

  it("says which values there are for one that is not known", () => {
    const [fault] = read('{"gcroots": "prone"}').diagnostics;
    expect(fault?.message).toBe('one of "prune", "keep" expected, "prone" found');
    expect(fault?.hint).toBe('did you mean "prune"?');
  });

  it("has the nearest known key for one that is not known", () => {
    expect(read('{"orphan": "stop"}').diagnostics[0]?.hint).toBe('did you mean "orphans"?');
  });
});

describe("the policy of a run", () => {
  it("takes a flag before the file and the file before the default", () => {
    const merged = mergePolicy({ orphans: "report", state: "archive" }, { orphans: "stop-all" });
    expect(merged).toEqual({ ...DEFAULT_POLICY, orphans: "stop-all", state: "archive" });
  });

  it("joins what flags and file list", () => {
    expect(mergePolicy({ keep: ["a"] }, { keep: ["b"] }).keep).toEqual(["a", "b"]);
  });
});

describe("a policy that contradicts itself or the host", () => {
  it.each<[string, Partial<Policy>, string[]]>([
    ["nothing to delete", { state: "delete" }, ["error MS1301"]],
    ["names to delete, but another policy", { stateDelete: ["bar"] }, ["error MS1302"]],
    [
      "kept and deleted",
      { state: "delete", stateDelete: ["bar"], keep: ["bar"] },
      ["error MS1303"],
    ],
    ["a declared name to delete", { state: "delete", stateDelete: ["fw"] }, ["error MS1304"]],
    ["a declared name to keep", { keep: ["imp"] }, ["warning MS1305"]],
    ["a name no unit can have", { keep: ["a b"] }, ["error MS1205"]],
    ["a name of another directory", { state: "delete", stateDelete: [".."] }, ["error MS1205"]],
    ["a relative unit directory", { unitDirs: ["units"] }, ["error MS1306"]],
    ["a unit directory with ..", { unitDirs: ["/a/../b"] }, ["error MS1306"]],
    ["a unit directory in the store", { unitDirs: ["/nix/store/x"] }, ["error MS1306"]],
  ])("%s", (_name, changes, expected) => {
    const found = checkPolicy({ ...DEFAULT_POLICY, ...changes }, host());
    expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
  });

  it("is not one where it is in order", () => {
    const policy: Policy = {
      ...DEFAULT_POLICY,
      state: "delete",
      stateDelete: ["bar"],
      keep: ["lab"],
      unitDirs: ["/srv/units"],
    };
    expect(checkPolicy(policy, host())).toEqual([]);
  });
});
