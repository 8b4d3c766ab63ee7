import { deepStrictEqual } from "node:assert/strict";

/** Fails with the difference between two values, and the host that made it. */
export function same(actual: unknown, expected: unknown, host: string): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${host}`);
  }
}
