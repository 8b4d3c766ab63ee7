import { type Fault, pointer, recordAt } from "../json/fault.ts";
import { firstFaults } from "../json/limits.ts";
import { guestFaults, unknownHost } from "./chooseHost.ts";
import { RULES } from "./rules.ts";
import { shapeFaults } from "./shapeFaults.ts";
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
