import { unknownHost } from "./chooseHost.ts";
import type { Fault } from "./Fault.ts";
import { hostFaults } from "./hostFaults.ts";
import type { UsageDocument } from "./model.ts";
import { shapeFaults } from "./shape/shapeFaults.ts";
import { pointer } from "./text/pointer.ts";
import { validateDocument } from "./validate.generated.js";

/** The members of `hosts`, as far as the document has the shape for it. */
function hostsOf(value: unknown): Readonly<Record<string, unknown>> {
  const hosts = Object(value).hosts;
  return typeof hosts === "object" && hosts !== null && !Array.isArray(hosts) ? hosts : {};
}

/**
 * What is wrong with a usage document: the faults of its shape, and where that is right those of its
 * hosts. That the `wanted` host is missing is told beside them.
 */
export function documentFaults(value: unknown, wanted: string | undefined): readonly Fault[] {
  if (validateDocument(value)) {
    const { hosts }: UsageDocument = value;
    return Object.entries(hosts).flatMap(([name, host]) =>
      hostFaults(host, `/hosts${pointer([name])}`),
    );
  }
  const faults = shapeFaults(validateDocument.errors);
  const names = Object.keys(hostsOf(value));
  if (wanted === undefined || names.length === 0 || names.includes(wanted)) return faults;
  return [...faults, unknownHost(wanted, names)];
}
