import type { Fault } from "./Fault.ts";
import { hostFaults } from "./hostFaults.ts";
import type { UsageDocument } from "./model.ts";
import { newerVersion } from "./newerVersion.ts";
import { shapeFaults } from "./shape/shapeFaults.ts";
import { pointer } from "./text/pointer.ts";
import { validateDocument } from "./validate.generated.js";

/**
 * What is wrong with a usage document: a newer version alone, else the faults of its shape, and where
 * that is right those of its hosts.
 */
export function documentFaults(value: unknown, version: string): Fault[] {
  const newer = newerVersion(value, version);
  if (newer !== undefined) return [newer];
  if (!validateDocument(value)) return shapeFaults(validateDocument.errors);
  return Object.entries((value as UsageDocument).hosts).flatMap(([name, host]) =>
    hostFaults(host, `/hosts${pointer([name])}`),
  );
}
