import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/didYouMean.ts";
import type { Fault } from "../usage/Fault.ts";
import { describeValue } from "../usage/shape/describeValue.ts";
import { pointer } from "../usage/text/pointer.ts";
import { readText } from "../usage/text/readText.ts";
import { toDiagnostics } from "../usage/text/toDiagnostics.ts";
import { BACKENDS, GCROOTS, ORPHANS, type PolicySettings, STATE, UNIT_FILES } from "./policy.ts";

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
  const message = `${describeValue(value)} is not one of the values known here`;
  const hint = didYouMean(typeof value === "string" ? value : "", choices);
  return [{ ...place, code: "MS1105", message, hint }];
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
  const message = `the key ${JSON.stringify(key)} is not known here`;
  const hint = didYouMean(key, [...Object.keys(CHOICES), ...LISTS]);
  return [{ code: "MS1102", pointer: pointer([key]), at: "key", message, hint }];
}

function policyFaults(value: unknown): Fault[] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(entryFaults);
  }
  const message = `object expected, ${describeValue(value)} found`;
  return [{ code: "MS1104", pointer: "", at: "value", message }];
}

/**
 * Reads a policy file (design, "Policy"): one JSON object, every key optional, with the values of the
 * flags of the same name. All faults come back at once; there are no settings where there is one.
 */
export function readPolicy(
  bytes: Uint8Array,
  { file }: { readonly file: string },
): { readonly settings?: PolicySettings; readonly diagnostics: readonly Diagnostic[] } {
  const origin = { file, firstLine: 1 };
  const { text, parsed, diagnostics } = readText(bytes, origin);
  if (text === undefined || parsed === undefined) return { diagnostics };
  if (parsed.syntax !== undefined) return { diagnostics: [...diagnostics, parsed.syntax] };
  const faults = [
    ...parsed.faults,
    ...(parsed.faults.length > 0 ? [] : policyFaults(parsed.value)),
  ];
  const all = [...diagnostics, ...toDiagnostics(faults, text, origin)];
  return all.length > 0
    ? { diagnostics: all }
    : { settings: { ...(parsed.value as PolicySettings) }, diagnostics: [] };
}
