import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  directoryFault,
  FAMILIES,
  instanceNameFault,
  MAX_INSTANCE_NAME_BYTES,
} from "../../src/microvm/names.ts";
import { FAMILIES as ORACLE_FAMILIES } from "../oracle/units.ts";

const PROGRAM = fileURLToPath(
  new URL("../../templates/microvm-sweep/common.bash", import.meta.url),
);

describe("an instance name", () => {
  it.each(["fw", "01", "a.b", "-x", "a@b", "a\\x20b", "A:_"])("can be %s", (name) => {
    expect(instanceNameFault(name)).toBeUndefined();
  });

  it.each([
    ["", "it is empty"],
    [".", "it names another directory"],
    ["..", "it names another directory"],
    ["a/b", 'it has the character "/"'],
    ["a\nb", 'it has the character "\\n"'],
    ["ü", 'it has the character "ü"'],
  ])("cannot be %j", (name, reason) => {
    expect(instanceNameFault(name)).toBe(reason);
  });

  it("fits into the longest unit name of the families", () => {
    const longest = "a".repeat(MAX_INSTANCE_NAME_BYTES);
    // systemd takes 255 bytes (`systemd-escape --template`).
    const units = ORACLE_FAMILIES.map((family) => `${family}@${longest}.service`);
    expect(Math.max(...units.map((unit) => unit.length))).toBe(255);
    expect(instanceNameFault(longest)).toBeUndefined();
    expect(instanceNameFault(`${longest}a`)).toMatch(`at most ${longest.length} fit`);
  });
});

describe("a directory", () => {
  it.each([
    ["/srv", undefined],
    ["/nix/storehouse", undefined],
    ["srv", "it is not absolute"],
    ["/", "it is the root directory"],
    ["/srv/", "it has an empty part"],
    ["/srv/../etc", 'it has the part ".."'],
    ["/srv/a\nb", "it has a control character"],
  ])("%j: %s", (path, reason) => {
    expect(directoryFault(path)).toBe(reason);
  });
});

/** The values of a variable of the program, which sets what it knows of the units. */
function ofProgram(variable: string): readonly string[] {
  const script = `source ${PROGRAM}\ndeclare -n values=${variable}; printf '%s\\n' "\${values[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").slice(0, -1);
}

describe("what the compiler knows of the units", () => {
  it("is what the program knows", () => {
    expect(ofProgram("families")).toEqual(FAMILIES.templatePrefixes);
    expect(ofProgram("install")).toEqual([FAMILIES.installPrefix]);
    expect(ofProgram("target")).toEqual([FAMILIES.target]);
    const program = readFileSync(PROGRAM, "utf8");
    expect(program).toContain(`\${#1} -le ${MAX_INSTANCE_NAME_BYTES} ]]`);
  });

  it("is what the oracle has", () => {
    expect(ORACLE_FAMILIES).toEqual(FAMILIES.templatePrefixes);
  });
});
