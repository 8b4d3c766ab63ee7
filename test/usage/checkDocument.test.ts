import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/json/fault.ts";
import { documentFaults } from "../../src/usage/checkDocument.ts";
import { host } from "./documents.ts";

/** Members without a key that they need, and which of them have been looked at. */
function faulty(count: number) {
  const seen = new Set<number>();
  const members = Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const member = Object.defineProperty({}, "autostart", {
        enumerable: true,
        get: () => {
          seen.add(index);
        },
      });
      return [`m${index}`, member];
    }),
  );
  return { members, seen };
}

describe("a document with very many faults", () => {
  it("is looked at until there are enough of them, host by host", () => {
    const { members: hosts, seen } = faulty(10 * LIMITS.faults);
    const faults = documentFaults({ schemaVersion: 1, hosts }, undefined);
    expect(faults).toHaveLength(LIMITS.faults);
    expect(seen.size).toBeLessThanOrEqual(LIMITS.faults);
  });

  it("is looked at until there are enough of them, MicroVM by MicroVM", () => {
    const { members, seen } = faulty(10 * LIMITS.faults);
    const hosts = { a: { ...host(), vms: members } };
    const faults = documentFaults({ schemaVersion: 1, hosts }, undefined);
    expect(faults).toHaveLength(LIMITS.faults);
    expect(seen.size).toBeLessThanOrEqual(LIMITS.faults);
  });

  it("tells its own faults and the host that it lacks before those of its hosts", () => {
    const { members: hosts } = faulty(10 * LIMITS.faults);
    const faults = documentFaults({ schemaVersion: 0, hosts }, "other");
    expect(faults.slice(0, 3).map(({ code }) => code)).toEqual(["MS1105", "MS1201", "MS1103"]);
  });
});
