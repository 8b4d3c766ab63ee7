import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { describeValue, didYouMean, unknownValue } from "../diagnostics/wording.ts";
import type { Fault } from "../json/fault.ts";
import { pointer, sortAndLimit } from "../json/fault.ts";
import { JsonText } from "../json/text.ts";
import { nameFault } from "./checkPolicy.ts";
import {
  isLimit,
  POLICY,
  type PolicyRow,
  type PolicySettings,
  REMOVED_SETTINGS,
  REMOVED_VALUES,
} from "./policy.ts";

type Path = readonly (string | number)[];

/** What to write in the file in place of a value of the wrong type. */
const EXAMPLES = { names: '["…"]', number: "3" } as const;

const ROWS: readonly PolicyRow[] = POLICY;

function wrongType(row: PolicyRow, path: Path, expected: string, found: unknown): Fault {
  const message = `${expected} expected, ${describeValue(found)} found`;
  const example = row.kind === "choice" ? "" : EXAMPLES[row.kind];
  const hint = `write it as "${row.key}": ${example}`;
  return { code: "MS1104", pointer: pointer(path), at: "value", message, hint };
}

function checkName(row: PolicyRow, path: Path, value: unknown): Fault[] {
  if (typeof value !== "string") return [wrongType(row, path, "string", value)];
  const fault = nameFault(value);
  return fault === undefined ? [] : [{ ...fault, pointer: pointer(path), at: "value" }];
}

function checkValue(row: PolicyRow, value: unknown): Fault[] {
  const path = [row.key];
  switch (row.kind) {
    case "choice": {
      const known = Object.keys(row.values);
      if (typeof value !== "string") return [unknownChoice(path, value, known)];
      if (known.includes(value)) return [];
      const instead = REMOVED_VALUES[row.flag]?.[value];
      const fault = unknownChoice(path, value, known);
      return [instead === undefined ? fault : { ...fault, hint: instead }];
    }
    case "number":
      if (value === null || isLimit(value)) return [];
      return [wrongType(row, path, "whole number of 0 or more", value)];
    case "names":
      if (!Array.isArray(value)) return [wrongType(row, path, "array", value)];
      return value.flatMap((item, index) => checkName(row, [row.key, index], item));
  }
}

function unknownChoice(path: Path, value: unknown, known: readonly string[]): Fault {
  return { code: "MS1105", pointer: pointer(path), at: "value", ...unknownValue(value, known) };
}

function checkEntry([key, value]: [string, unknown]): Fault[] {
  const row = ROWS.find((one) => one.key === key);
  if (row !== undefined) return checkValue(row, value);
  const place = { code: "MS1102", pointer: pointer([key]), at: "key" } as const;
  const removed = REMOVED_SETTINGS.find((one) => one.key === key);
  if (removed !== undefined) {
    return [{ ...place, message: `the key ${describeValue(key)} is gone`, hint: removed.instead }];
  }
  const message = `the key ${describeValue(key)} is not known here`;
  const known = ROWS.map((one) => one.key);
  return [{ ...place, message, hint: didYouMean(key, known) }];
}

function checkFile(value: unknown): Fault[] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(checkEntry);
  }
  const message = `object expected, ${describeValue(value)} found`;
  const hint = "a policy that changes nothing is {}";
  return [{ code: "MS1104", pointer: "", at: "value", message, hint }];
}

/**
 * Reads a file of `--config` (docs/design.md, "The policy is one table"): one JSON object, every key optional.
 * All faults come back at once, sorted by place; there are no settings where there is one. What
 * contradicts flags or the host is for `checkPolicy` to find.
 */
export function readPolicy(
  bytes: Uint8Array,
  { file }: { readonly file: string },
): { readonly settings?: PolicySettings; readonly diagnostics: readonly Diagnostic[] } {
  const text = new JsonText(bytes, { file, firstLine: 1, kind: "policy" });
  const faults = text.value === undefined ? [] : [...text.repeatedKeys(), ...checkFile(text.value)];
  const found = [...text.diagnostics, ...text.locate(faults)];
  return found.length > 0
    ? { diagnostics: sortAndLimit(found, file) }
    : { settings: text.value as PolicySettings, diagnostics: [] };
}
