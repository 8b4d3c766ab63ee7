import type { Fault } from "./Fault.ts";
import { RULES } from "./rules/index.ts";
import { members } from "./shape/members.ts";
import { shapeFaults } from "./shape/shapeFaults.ts";
import { pointer } from "./text/pointer.ts";
import { type Validate, validateVm } from "./validate.generated.js";

/**
 * What is wrong with the host at the JSON pointer `at`, found as it is asked for: the faults of its
 * shape, which `validate` knows, and what every rule reports on the properties that have theirs.
 */
export function* hostFaults(host: unknown, at: string, validate: Validate): Generator<Fault> {
  yield* shapeFaults(validate, host, at);
  const vms = members(host, "vms");
  for (const name of Object.keys(vms)) {
    yield* shapeFaults(validateVm, vms[name], `${at}/vms${pointer([name])}`);
  }
  for (const rule of RULES) yield* rule(Object(host), at);
}
