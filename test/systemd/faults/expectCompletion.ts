import { expect } from "vitest";
import type { Policy } from "../../../src/policy/policy.ts";
import type { FaultyHost } from "./faultyHost.ts";

/**
 * Expects that a run without a fault, after one that went wrong, ends where one run alone does, and
 * that what has to be left alone still is as it was: `left`.
 */
export function expectCompletion(
  faulty: FaultyHost,
  policy: Partial<Policy>,
  left: string,
  what = "",
): void {
  const { status, stdout, stderr } = faulty.activate(policy);
  expect(status, `${what}: ${stdout}${stderr}`).toBe(0);
  const end = faulty.end();
  const after = faulty.left();
  expect(faulty.isReloaded(), `${what}: reloaded`).toBe(true);
  expect(after, what).toBe(left);
  expect(end, what).toBe(faulty.reference(policy).end);
}
