import { describe, expect, it } from "vitest";
import {
  instanceNameFault,
  isAtOrBelow,
  MAX_INSTANCE_NAME_BYTES,
  writableDirectoryFault,
} from "../../src/microvm/names.ts";

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
    expect(`microvm-macvtap-interfaces@${longest}.service`).toHaveLength(255);
    expect(instanceNameFault(longest)).toBeUndefined();
    expect(instanceNameFault(`${longest}a`)).toMatch("at most 220 fit");
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
    ["/nix/store", "it is in the Nix store"],
    ["/nix/store/x", "it is in the Nix store"],
  ])("%j: %s", (path, reason) => {
    expect(writableDirectoryFault(path)).toBe(reason);
  });

  it("is at or below another by whole parts", () => {
    expect(isAtOrBelow("/srv/a", "/srv")).toBe(true);
    expect(isAtOrBelow("/srv", "/srv")).toBe(true);
    expect(isAtOrBelow("/srv2", "/srv")).toBe(false);
  });
});
