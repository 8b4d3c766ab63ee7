import { guestFaults, unknownHost } from "./chooseHost.ts";
import type { Fault } from "./Fault.ts";
import { firstFaults } from "./firstFaults.ts";
import { hostFaults } from "./hostFaults.ts";
import { members } from "./shape/members.ts";
import { shapeFaults } from "./shape/shapeFaults.ts";
import { pointer } from "./text/pointer.ts";
import { validateDocument, validateHost } from "./validate.generated.js";

function* everyFault(value: unknown, wanted: string | undefined): Generator<Fault> {
  yield* shapeFaults(validateDocument, value, "");
  const hosts = members(value, "hosts");
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

/**
 * What is wrong with a usage document: with itself, with the choice of the `wanted` host, and with its
 * hosts one after the other, until there are enough faults. Some may be warnings.
 */
export function documentFaults(value: unknown, wanted: string | undefined): readonly Fault[] {
  return firstFaults(everyFault(value, wanted));
}
