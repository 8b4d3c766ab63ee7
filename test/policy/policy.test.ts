import { describe, expect, it } from "vitest";
import { checkPolicy } from "../../src/policy/checkPolicy.ts";
import {
  choices,
  DEFAULT_POLICY,
  mergePolicy,
  POLICY,
  type PolicyRow,
  type PolicySettings,
  policyArguments,
  REMOVED_SETTINGS,
  REMOVED_VALUES,
} from "../../src/policy/policy.ts";
import { readPolicy } from "../../src/policy/readPolicy.ts";
import type { Host } from "../../src/usage/model.ts";
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
      unitFiles: "report",
      limit: null,
      backend: "service",
    };
    expect(read(JSON.stringify(settings))).toEqual({ settings, diagnostics: [] });
  });

  it.each([
    ["a key that stands twice", '{"keep": ["a"], "keep": ["b"]}', ["1:2 MS1006 /keep"]],
    ["an unknown key", '{"orphan": "stop"}', ["1:2 MS1102 /orphan"]],
    ["an unknown value", '{"orphans": "remove"}', ["1:13 MS1105 /orphans"]],
    ["a value of another type", '{"orphans": true}', ["1:13 MS1105 /orphans"]],
    ["a text for a list", '{"keep": "lab"}', ["1:10 MS1104 /keep"]],
    ["a number in a list", '{"keep": ["lab", 1]}', ["1:18 MS1104 /keep/1"]],
    [
      "a key that objects inherit",
      '{"constructor": 1, "__proto__": 2}',
      ["1:2 MS1102 /constructor", "1:20 MS1102 /__proto__"],
    ],
    ["a name no unit can have", '{"keep": ["a b"]}', ["1:11 MS1205 /keep/0"]],
    ["a setting of an older release", '{"stateDelete": ["a"]}', ["1:2 MS1102 /stateDelete"]],
    ["a value of an older release", '{"unitFiles": "quarantine"}', ["1:15 MS1105 /unitFiles"]],
    ["a negative number", '{"limit": -1}', ["1:11 MS1104 /limit"]],
    ["a fraction", '{"limit": 1.5}', ["1:11 MS1104 /limit"]],
    ["a number as text", '{"limit": "3"}', ["1:11 MS1104 /limit"]],
    ["no object", "[]", ["1:1 MS1104"]],
    ["nothing", "", ["1:1 MS1001"]],
    ["no JSON", "keep: lab", ["1:1 MS1002"]],
  ])("with %s is refused", (_name, text, expected) => {
    expect(faults(text)).toEqual(expected);
    expect(read(text).settings).toBeUndefined();
  });

  it("says which values there are for one that is not known", () => {
    const [fault] = read('{"unitFiles": "repart"}').diagnostics;
    expect(fault?.message).toBe('one of "remove", "report" expected, "repart" found');
    expect(fault?.hint).toBe('did you mean "report"?');
  });

  it("has the nearest known key for one that is not known", () => {
    expect(read('{"orphan": "stop"}').diagnostics[0]?.hint).toBe('did you mean "orphans"?');
  });

  it("says what takes the place of each setting and value of an older release", () => {
    for (const { key, instead } of REMOVED_SETTINGS) {
      if (key === undefined) continue;
      const [fault] = read(JSON.stringify({ [key]: "archive" })).diagnostics;
      expect(fault).toMatchObject({ message: `the key "${key}" is gone`, hint: instead });
    }
    expect(read('{"state": "archive"}').diagnostics[0]?.hint).toContain("sweep-microvms archive");
    for (const value of ["delete", "quarantine"]) {
      const [fault] = read(JSON.stringify({ unitFiles: value })).diagnostics;
      expect(fault?.hint).toBe(REMOVED_VALUES["unit-files"]?.[value]);
      expect(fault?.hint).toContain("remove");
    }
  });
});

describe("the policy of a run", () => {
  it("takes a flag before the file and the file before the default", () => {
    const file = { orphans: "report", unitFiles: "report", limit: 3 } as const;
    const merged = mergePolicy(file, { orphans: "stop-all", limit: 0 });
    expect(merged).toEqual({
      ...mergePolicy({}, {}),
      orphans: "stop-all",
      unitFiles: "report",
      limit: 0,
    });
  });

  it("joins what flags and file list, sorted and each once", () => {
    expect(mergePolicy({ keep: ["c", "a"] }, { keep: ["b", "a"] }).keep).toEqual(["a", "b", "c"]);
  });

  it("is the documented default where nothing is set", () => {
    expect(mergePolicy({}, {})).toEqual({
      orphans: "stop",
      unitFiles: "remove",
      keep: [],
      limit: null,
      backend: "auto",
    });
  });

  it("has the values of a choice", () => {
    expect(choices("orphans")).toEqual(["stop", "stop-all", "report"]);
  });
});

describe("the arguments of the program", () => {
  it("are none for the default policy", () => {
    expect(policyArguments(DEFAULT_POLICY)).toEqual([]);
  });

  it("are one word for each setting that is not the default, and one for each listed value", () => {
    const settings = mergePolicy(
      { orphans: "report", keep: ["b", "a"], limit: 0 },
      { unitFiles: "report", backend: "service" },
    );
    expect(policyArguments(settings)).toEqual([
      "--orphans=report",
      "--unit-files=report",
      "--keep=a",
      "--keep=b",
      "--limit=0",
    ]);
  });
});

describe("a policy that contradicts itself or the host", () => {
  const old = { nixosRelease: "24.11" };
  const absent = { hostModule: "absent" } as const;

  it.each<[string, PolicySettings, Partial<Host>, string[]]>([
    ["a declared name to keep", { keep: ["imp"] }, old, ["warning MS1305"]],
    ["a name no unit can have", { keep: ["a b"] }, old, ["error MS1205"]],
    ["a name of another directory", { keep: [".."] }, {}, ["error MS1205"]],
    [
      "an activation script where none runs",
      { backend: "activation" },
      { activationScripts: false },
      ["error MS1308"],
    ],
    [
      "reports only, where NixOS stops",
      { orphans: "report", keep: ["lab"] },
      {},
      ["warning MS1309"],
    ],
    ["keeps, where NixOS stops", { keep: ["lab"] }, {}, ["warning MS1309"]],
    ["a limit without checks", { limit: 0 }, old, ["warning MS1310"]],
    [
      "stops all, by a service",
      { orphans: "stop-all", backend: "service" },
      {},
      ["warning MS1312"],
    ],
    [
      "stops all, where no script runs",
      { orphans: "stop-all" },
      { activationScripts: false },
      ["warning MS1312"],
    ],
    ["stops all, by a script", { orphans: "stop-all" }, {}, []],
    ["a name that an absent module declares", { keep: ["fw"] }, { ...absent, ...old }, []],
    [
      "a keep list before 26.05",
      { keep: ["lab"], orphans: "report" },
      { nixosRelease: "25.11" },
      [],
    ],
    ["a limit with checks", { limit: 0 }, { nixosRelease: "25.05" }, []],
    ["a service where no script runs", { backend: "service" }, { activationScripts: false }, []],
  ])("%s", (_name, settings, changes, expected) => {
    const found = checkPolicy(mergePolicy(settings, {}), host(changes));
    expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
  });

  it("names no single template where all keep a MicroVM running, but the page that lists them", () => {
    const [found] = checkPolicy(mergePolicy({ keep: ["lab"] }, {}), host({}));
    expect(found?.code).toBe("MS1309");
    expect(found?.hint).toContain("all templates of microvm.nix");
    expect(found?.hint).toContain("docs/why.md");
    expect(found?.hint).not.toContain("@");
  });
});

it("calls a list by what all its values are: the option of the live module takes several", () => {
  const rows: readonly PolicyRow[] = POLICY;
  const lists = rows.filter(({ kind }) => kind === "names");
  expect(lists.map(({ description }) => /^names of /.test(description))).toEqual(
    lists.map(() => true),
  );
});
