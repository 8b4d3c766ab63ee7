import type { Fault } from "./Fault.ts";
import type { Host } from "./model.ts";
import { RULES } from "./rules/index.ts";

/** What every rule reports on one host of the right shape; `at` is its JSON pointer. */
export function hostFaults(host: Host, at: string): Fault[] {
  const faults: Fault[] = [];
  for (const rule of RULES) rule(host, at, (fault) => faults.push(fault));
  return faults;
}
