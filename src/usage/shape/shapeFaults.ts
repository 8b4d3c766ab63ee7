import type { ErrorObject } from "ajv";
import type { Fault } from "../Fault.ts";
import { FAULT_OF_KEYWORD } from "./faultOfKeyword.ts";

/** What the validator found, as faults: one for all the keys that an object lacks. */
export function shapeFaults(errors: readonly ErrorObject[] | null | undefined): Fault[] {
  const found = errors ?? [];
  const missing = found.filter(({ keyword }) => keyword === "required");
  const paths = [...new Set(missing.map(({ instancePath }) => instancePath))];
  return [
    ...paths.map((path) =>
      missingKeys(
        path,
        missing.filter(({ instancePath }) => instancePath === path),
      ),
    ),
    ...found
      .filter(({ keyword }) => keyword !== "required")
      .map((error) => (FAULT_OF_KEYWORD[error.keyword] ?? unknownKeyword)(error)),
  ];
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
