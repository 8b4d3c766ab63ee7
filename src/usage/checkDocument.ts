import type { ErrorObject } from "ajv";
import { describeValue, didYouMean, unknownValue } from "../diagnostics/wording.ts";
import { type Fault, firstFaults, LIMITS, pointer, recordAt } from "../json/fault.ts";
import { guestFaults, unknownHost } from "./chooseHost.ts";
import { RULES } from "./rules.ts";
import {
  type Validate,
  validateDocument,
  validateHost,
  validateHostLine,
  validateVm,
} from "./validate.generated.js";

/** Version of the format that this release reads. */
const SCHEMA_VERSION = 1;

/**
 * Checks a usage document: its own shape, whether it has the `wanted` host, and then its hosts. Stops
 * when there are enough faults. Some of them may be warnings.
 */
export function documentFaults(value: unknown, wanted: string | undefined): readonly Fault[] {
  return firstFaults(allDocumentFaults(value, wanted));
}

function* allDocumentFaults(value: unknown, wanted: string | undefined): Generator<Fault> {
  yield* shapeFaults(validateDocument, value, "");
  const hosts = recordAt(value, "hosts");
  const names = Object.keys(hosts);
  if (wanted !== undefined && names.length > 0 && !Object.hasOwn(hosts, wanted)) {
    yield unknownHost(wanted, names);
  }
  for (const name of names) {
    const at = `/hosts${pointer([name])}`;
    if (name === wanted) yield* guestFaults(name, hosts[name], at);
    yield* hostFaults(hosts[name], at, validateHost);
  }
}

/** Checks one line of JSON Lines. `wanted` is the name of the host that the user wants. */
export function lineFaults(value: unknown, wanted: string | undefined): readonly Fault[] {
  const faults = firstFaults(hostFaults(value, "", validateHostLine));
  const name: unknown = Object(value).host;
  const isWanted = typeof name === "string" && name === wanted;
  return isWanted ? [...faults, ...guestFaults(name, value, "")] : faults;
}

/**
 * Checks the host at the JSON Pointer `at`: its shape and that of its MicroVMs, and every rule. A rule
 * looks at each property that has its type, even where others have not.
 */
function* hostFaults(host: unknown, at: string, validate: Validate): Generator<Fault> {
  yield* shapeFaults(validate, host, at);
  const vms = recordAt(host, "vms");
  for (const name of Object.keys(vms)) {
    // A fleet has a million of them: no path is made for those that are right.
    if (validateVm(vms[name])) continue;
    yield* shapeFaults(validateVm, vms[name], `${at}/vms${pointer([name])}`);
  }
  for (const rule of RULES) yield* rule(Object(host), at);
}

/**
 * Reports a document of a newer format. This is its only fault, because everything unknown in it may
 * be right in the newer format.
 *
 * @param release the release that reads the document
 */
export function newerVersionFault(value: unknown, release: string): Fault | undefined {
  if (typeof value !== "object" || value === null || !("schemaVersion" in value)) return undefined;
  const found = value.schemaVersion;
  if (!Number.isInteger(found) || Number(found) <= SCHEMA_VERSION) return undefined;
  return {
    code: "MS1101",
    pointer: "/schemaVersion",
    at: "value",
    message: `microvm-sweep ${release} reads schema version ${SCHEMA_VERSION}, and this document has version ${found}`,
    hint: `use a release of microvm-sweep newer than ${release}, or create the document again with this one`,
  };
}

/** How to get a usage document right. */
const AGAIN = "create the document again with nix eval";

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
  again: string = AGAIN,
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
