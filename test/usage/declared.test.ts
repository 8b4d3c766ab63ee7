import { expect, it } from "vitest";
import { declaredNames, isGuest } from "../../src/usage/declared.ts";
import type { Host } from "../../src/usage/model.ts";
import { host } from "./documents.ts";

const vm = { kind: "config", autostart: true, updateFlake: null } as const;

it("a host declares its MicroVMs and those that start at boot, sorted by code unit, each once", () => {
  const vms = { web: vm, B: vm, "10": vm, "9": vm };
  expect(declaredNames(host({ vms, autostart: ["imp", "web", "B", "imp"] }))).toEqual({
    vms: ["10", "9", "B", "web"],
    autostart: ["B", "imp", "web"],
  });
});

it.each(["absent", "disabled"] as const)(
  "a host whose host module is %s declares none",
  (hostModule) => {
    const names = declaredNames(host({ hostModule, vms: { fw: vm }, autostart: ["fw"] }));
    expect(names).toEqual({ vms: [], autostart: [] });
  },
);

it.each([
  [{ role: "host" }, false],
  [{ role: "guest", hostModule: "absent" }, true],
  [{ role: "guest", hostModule: "disabled" }, true],
  [{ role: "guest", vms: {}, autostart: [] }, true],
  [{ role: "guest", autostart: [] }, false],
  [{ role: "guest", vms: {} }, false],
] as [Partial<Host>, boolean][])("a configuration with %j is a guest: %s", (changes, expected) => {
  expect(isGuest(host(changes))).toBe(expected);
});
