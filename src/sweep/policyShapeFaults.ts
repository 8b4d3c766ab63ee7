import { describeValue } from "../diagnostics/describeValue.ts";
import { didYouMean } from "../diagnostics/didYouMean.ts";
import { unknownValue } from "../diagnostics/unknownValue.ts";
import type { Fault } from "../usage/Fault.ts";
import { pointer } from "../usage/text/pointer.ts";
import { BACKENDS, GCROOTS, ORPHANS, STATE, UNIT_FILES } from "./policy.ts";

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  orphans: ORPHANS,
  unitFiles: UNIT_FILES,
  state: STATE,
  gcroots: GCROOTS,
  backend: BACKENDS,
};
const LISTS: readonly string[] = ["keep", "stateDelete", "unitDirs"];

function choiceFault(key: string, value: unknown, choices: readonly string[]): Fault[] {
  if (typeof value === "string" && choices.includes(value)) return [];
  const place = { pointer: pointer([key]), at: "value" } as const;
  return [{ ...place, code: "MS1105", ...unknownValue(value, choices) }];
}

function listFaults(key: string, value: unknown): Fault[] {
  const fault = (at: readonly (string | number)[], expected: string, found: unknown): Fault => ({
    code: "MS1104",
    pointer: pointer(at),
    at: "value",
    message: `${expected} expected, ${describeValue(found)} found`,
    hint: `write it as "${key}": ["…"]`,
  });
  if (!Array.isArray(value)) return [fault([key], "array", value)];
  return value.flatMap((item: unknown, index) =>
    typeof item === "string" ? [] : [fault([key, index], "string", item)],
  );
}

function entryFaults([key, value]: [string, unknown]): Fault[] {
  const choices = Object.hasOwn(CHOICES, key) ? CHOICES[key] : undefined;
  if (choices !== undefined) return choiceFault(key, value, choices);
  if (LISTS.includes(key)) return listFaults(key, value);
  const message = `the key ${describeValue(key)} is not known here`;
  const hint = didYouMean(key, [...Object.keys(CHOICES), ...LISTS]);
  return [{ code: "MS1102", pointer: pointer([key]), at: "key", message, hint }];
}

/** Where the value of a policy file is not a `PolicySettings`: keys, types and known values. */
export function policyShapeFaults(value: unknown): Fault[] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(entryFaults);
  }
  const message = `object expected, ${describeValue(value)} found`;
  const hint = "a policy that changes nothing is {}";
  return [{ code: "MS1104", pointer: "", at: "value", message, hint }];
}
