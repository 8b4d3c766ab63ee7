import { isDeepStrictEqual } from "node:util";

/** Fails with what differs between two values, and the host that made it. */
export function same(actual: unknown, expected: unknown, host: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error([...differences(actual, expected, ""), "", host].join("\n"));
}

function differences(actual: unknown, expected: unknown, place: string): string[] {
  if (isDeepStrictEqual(actual, expected)) return [];
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const lines = (list: unknown[]) => list.map((item) => JSON.stringify(item));
    const [found, wanted] = [lines(actual), lines(expected)];
    return [
      ...wanted.filter((line) => !found.includes(line)).map((line) => `${place} lacks ${line}`),
      ...found.filter((line) => !wanted.includes(line)).map((line) => `${place} has ${line}`),
    ];
  }
  if (isObject(actual) && isObject(expected)) {
    const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
    return [...keys].flatMap((key) => differences(actual[key], expected[key], `${place}/${key}`));
  }
  return [`${place} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
