import { isFileText } from "../diagnostics/internalError.ts";
import { type Fault, firstFaults, type Place, pointer, recordAt } from "../json/fault.ts";
import { shapeFaults, type Validate } from "../json/shape.ts";
import { RULES } from "./rules.ts";
import {
  validateDocument,
  validateHost,
  validateHostLine,
  validateVm,
} from "./validate.generated.js";

/** Version of the format that this release reads. */
const SCHEMA_VERSION = 1;

/** How to get a usage document right. */
const AGAIN = "create the document again with nix eval";

/** Checks a usage document without its hosts. */
export function documentFaults(value: unknown, release: string): readonly Fault[] {
  const newer = newerVersion(value, release);
  return newer === undefined ? shapeFaults(validateDocument, value, "", AGAIN) : [newer];
}

/** Checks the host of a document at the JSON Pointer `at`. */
export function hostFaults(name: string, host: unknown, at: string): readonly Fault[] {
  return firstFaults(allHostFaults(name, host, { pointer: at, at: "key" }, validateHost));
}

/** Checks one line of JSON Lines. */
export function lineFaults(value: unknown, release: string): readonly Fault[] {
  const newer = newerVersion(value, release);
  if (newer !== undefined) return [newer];
  const name: unknown = Object(value).host;
  return firstFaults(
    allHostFaults(name, value, { pointer: "/host", at: "value" }, validateHostLine, ""),
  );
}

/**
 * Checks a host: its name, its shape and that of its MicroVMs, and every rule. A rule looks at each
 * property that has its type, even where others have not. Stops when there are enough faults.
 *
 * @param place where the name is
 * @param at the JSON Pointer of the host
 */
function* allHostFaults(
  name: unknown,
  host: unknown,
  place: Place,
  validate: Validate,
  at: string = place.pointer,
): Generator<Fault> {
  if (typeof name === "string" && !isFileText(name)) yield { ...place, ...NO_FILE_TEXT };
  yield* shapeFaults(validate, host, at, AGAIN);
  const vms = recordAt(host, "vms");
  for (const vm of Object.keys(vms)) {
    // A fleet has a million of them: no path is made for those that are right.
    if (validateVm(vms[vm])) continue;
    yield* shapeFaults(validateVm, vms[vm], `${at}/vms${pointer([vm])}`, AGAIN);
  }
  for (const rule of RULES) yield* rule(Object(host), at);
}

const NO_FILE_TEXT = {
  code: "MS1011",
  message: "the name has a NUL character or a lone surrogate, which files cannot have",
  hint: "rename the host in nixosConfigurations",
} as const;

/**
 * Reports a document of a newer format. This is its only fault, because everything unknown in it may
 * be right in the newer format.
 */
function newerVersion(value: unknown, release: string): Fault | undefined {
  const found: unknown = Object(value).schemaVersion;
  if (!Number.isInteger(found) || Number(found) <= SCHEMA_VERSION) return undefined;
  return {
    code: "MS1101",
    pointer: "/schemaVersion",
    at: "value",
    message: `microvm-sweep ${release} reads schema version ${SCHEMA_VERSION}, and this document has version ${found}`,
    hint: `use a release of microvm-sweep newer than ${release}, or create the document again with this one`,
  };
}
