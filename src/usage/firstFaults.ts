import type { Fault } from "./Fault.ts";
import { LIMITS } from "./limits.ts";

/** The first of the faults, as many as are worth working out. The others are not even looked for. */
export function firstFaults(faults: Iterable<Fault>): Fault[] {
  const first: Fault[] = [];
  for (const fault of faults) {
    first.push(fault);
    if (first.length >= LIMITS.faults) break;
  }
  return first;
}
