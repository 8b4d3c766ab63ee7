import type { Fault } from "./Fault.ts";
import type { Host } from "./model.ts";
import { RULES } from "./rules/index.ts";
import { members } from "./shape/members.ts";
import { shapeFaults } from "./shape/shapeFaults.ts";
import { pointer } from "./text/pointer.ts";
import { type Validate, validateVm } from "./validate.generated.js";

function* hostShapeFaults(host: unknown, at: string, validate: Validate): Generator<Fault> {
  yield* shapeFaults(validate, host, at);
  const vms = members(host, "vms");
  for (const name of Object.keys(vms)) {
    yield* shapeFaults(validateVm, vms[name], `${at}/vms${pointer([name])}`);
  }
}

/**
 * What is wrong with the host at the JSON pointer `at`, found as it is asked for: the faults of its
 * shape, which `validate` knows, and where that is right what every rule reports.
 */
export function* hostFaults(host: unknown, at: string, validate: Validate): Generator<Fault> {
  let hasShape = true;
  for (const fault of hostShapeFaults(host, at, validate)) {
    hasShape = false;
    yield fault;
  }
  const faults: Fault[] = [];
  if (hasShape) for (const rule of RULES) rule(host as Host, at, (fault) => faults.push(fault));
  yield* faults;
}
