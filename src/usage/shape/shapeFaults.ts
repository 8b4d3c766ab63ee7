import type { ErrorObject } from "ajv";
import type { Fault } from "../Fault.ts";
import { LIMITS } from "../limits.ts";
import type { Validate } from "../validate.generated.js";
import { FAULT_OF_KEYWORD } from "./faultOfKeyword.ts";

/**
 * What a validator finds on the value at the JSON pointer `at`, as faults: one for all the keys that an
 * object lacks. Many are enough.
 */
export function shapeFaults(validate: Validate, value: unknown, at: string): Fault[] {
  if (validate(value, { instancePath: at })) return [];
  const missing = new Map<string, ErrorObject[]>();
  const faults: Fault[] = [];
  for (const error of (validate.errors ?? []).slice(0, LIMITS.faults)) {
    const { keyword, instancePath } = error;
    if (keyword !== "required") faults.push((FAULT_OF_KEYWORD[keyword] ?? unknownKeyword)(error));
    else missing.set(instancePath, [...(missing.get(instancePath) ?? []), error]);
  }
  return [...faults, ...[...missing].map(([path, found]) => missingKeys(path, found))];
}

function missingKeys(path: string, errors: readonly ErrorObject[]): Fault {
  const names = errors.map(({ params }) => JSON.stringify(params["missingProperty"]));
  const keys = names.length === 1 ? `the key ${names[0]} is` : `the keys ${names.join(", ")} are`;
  return {
    code: "MS1103",
    pointer: path,
    at: "value",
    message: `${keys} missing`,
    hint: "every key is required: make the document again with nix eval",
  };
}

function unknownKeyword(error: ErrorObject): Fault {
  return {
    code: "MS1106",
    pointer: error.instancePath,
    at: "value",
    message: `the value ${error.message ?? "is not as the format says"}`,
  };
}
