import type { ErrorObject } from "ajv";
import { describeValue, didYouMean, unknownValue } from "../diagnostics/wording.ts";
import { type Fault, LIMITS, pointer } from "./fault.ts";

/**
 * A generated validator: returns whether a value has the shape of one interface of a model. It does not
 * look at the members of records. After `false`, `errors` holds the errors until the next call, and their
 * paths start with `instancePath`.
 */
export interface Validate {
  (value: unknown, context?: { readonly instancePath: string }): boolean;
  errors?: ErrorObject[] | null;
}

/**
 * Runs a generated validator on the value at the JSON Pointer `at` and reports each error as a fault.
 * All missing keys of one object are one fault.
 *
 * @param again how to get a document of this kind right
 */
export function shapeFaults(
  validate: Validate,
  value: unknown,
  at: string,
  again: string,
): Fault[] {
  if (validate(value, { instancePath: at })) return [];
  const missing = new Map<string, ErrorObject[]>();
  const faults: Fault[] = [];
  for (const error of (validate.errors ?? []).slice(0, LIMITS.faults)) {
    const { keyword, instancePath } = error;
    if (keyword !== "required")
      faults.push((FAULT_OF_KEYWORD[keyword] ?? otherKeyword)(error, again));
    else missing.set(instancePath, [...(missing.get(instancePath) ?? []), error]);
  }
  return [...faults, ...[...missing].map(([path, errors]) => missingKeys(path, errors, again))];
}

function missingKeys(path: string, errors: readonly ErrorObject[], again: string): Fault {
  const names = errors.map(({ params }) => JSON.stringify(params["missingProperty"]));
  const keys = names.length === 1 ? `the key ${names[0]} is` : `the keys ${names.join(", ")} are`;
  return {
    code: "MS1103",
    pointer: path,
    at: "value",
    message: `${keys} missing`,
    hint: `every key is required: ${again}`,
  };
}

type Report = (error: ErrorObject, again: string) => Fault;

const additionalProperties: Report = ({ instancePath, params, parentSchema }) => {
  const name = String(params["additionalProperty"]);
  return {
    code: "MS1102",
    pointer: instancePath + pointer([name]),
    at: "key",
    message: `the key ${describeValue(name)} is not known here`,
    hint: didYouMean(name, Object.keys(parentSchema?.["properties"] ?? {})),
  };
};

const type: Report = ({ instancePath, params, data }, again) => ({
  code: "MS1104",
  pointer: instancePath,
  at: "value",
  message: `${[params["type"]].flat().join(" or ")} expected, ${describeValue(data)} found`,
  hint: again,
});

const otherValue = (error: ErrorObject, allowed: readonly unknown[]): Fault => ({
  code: "MS1105",
  pointer: error.instancePath,
  at: "value",
  ...unknownValue(error.data, allowed),
});

const pattern: Report = ({ instancePath, params, data, parentSchema }) => ({
  code: "MS1106",
  pointer: instancePath,
  at: "value",
  message: `${describeValue(data)} does not match ${params["pattern"]}`,
  hint: `an example is ${describeValue([parentSchema?.["examples"]].flat()[0])}`,
});

const uniqueItems: Report = ({ instancePath, params, data }) => ({
  code: "MS1107",
  pointer: `${instancePath}/${params["j"]}`,
  at: "value",
  message: `the list has ${describeValue(Array.isArray(data) ? data[params["i"]] : data)} twice`,
  hint: "remove one of the two",
  related: [
    { pointer: `${instancePath}/${params["i"]}`, at: "value", message: "the first one is here" },
  ],
});

/** How to report each keyword of the generated schema, except `required`. */
const FAULT_OF_KEYWORD: Readonly<Record<string, Report>> = {
  additionalProperties,
  type,
  enum: (error) => otherValue(error, error.params["allowedValues"]),
  const: (error) => otherValue(error, [error.params["allowedValue"]]),
  pattern,
  uniqueItems,
};

/** Reports a keyword that has no words of its own yet. */
function otherKeyword(error: ErrorObject): Fault {
  return {
    code: "MS1106",
    pointer: error.instancePath,
    at: "value",
    message: `the value ${error.message ?? "does not match the schema"}`,
  };
}
