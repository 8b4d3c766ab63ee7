import type { Fault } from "./Fault.ts";

/** The version of the format that this release reads. */
const SCHEMA_VERSION = 1;

/** The one fault of a document in a newer format: what else is new in it is not its fault. */
export function newerVersion(value: unknown, version: string): Fault | undefined {
  if (typeof value !== "object" || value === null || !("schemaVersion" in value)) return undefined;
  const found = value.schemaVersion;
  if (!Number.isInteger(found) || Number(found) <= SCHEMA_VERSION) return undefined;
  return {
    code: "MS1101",
    pointer: "/schemaVersion",
    at: "value",
    message: `schema version ${found} is newer than ${SCHEMA_VERSION}, the one that microvm-sweep ${version} reads`,
    hint: `a release of microvm-sweep newer than ${version} reads it; or make the document again with this one`,
  };
}
