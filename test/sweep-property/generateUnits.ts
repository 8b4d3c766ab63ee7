import fc from "fast-check";
import { type LoadedUnit, REVIVING, STOPPING } from "../oracle/host.ts";
import { family, rarely, vmName } from "./generateNames.ts";

const OTHERS = ["other.service", "proxy.service"];

const unitName = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(family, vmName).map(([text, vm]) => `${text}@${vm}.service`) },
  { weight: 1, arbitrary: vmName.map((vm) => `install-microvm-${vm}.service`) },
  { weight: 2, arbitrary: fc.constantFrom(...OTHERS) },
);

const dependency = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...STOPPING) },
  { weight: 1, arbitrary: fc.constantFrom(...REVIVING) },
);

/** Mostly none: where many units need others, hardly a VM would stop. */
const dependents = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(
      fc.tuple(dependency, fc.oneof(fc.constantFrom(...OTHERS), unitName)),
      { minLength: 1, maxLength: 3, selector: ([, name]) => name },
    ),
  },
);

const ACTIVE = [
  "active",
  "active",
  "active",
  "activating",
  "deactivating",
  "inactive",
  "failed",
] as const;

/** A loaded unit with one of the names. */
export function loadedUnit(name: fc.Arbitrary<string>): fc.Arbitrary<LoadedUnit> {
  return fc.record(
    {
      name,
      load: rarely(13).map((isLost) => (isLost ? "not-found" : "loaded") as LoadedUnit["load"]),
      active: fc.constantFrom(...ACTIVE),
      onStop: fc.oneof(
        { weight: 7, arbitrary: fc.constant("stops" as const) },
        { weight: 2, arbitrary: fc.constantFrom("fails", "refuses", "revives", "complains") },
      ),
      starts: rarely(16),
      dependents,
    },
    { noNullPrototype: true },
  );
}

/** Units of any VMs and of none. */
export const loadedUnits = fc.uniqueArray(loadedUnit(unitName), {
  selector: ({ name }) => name,
  maxLength: 8,
});

/** Units that VMs may need or be needed by; loaded on many hosts. */
export const otherUnits = fc
  .subarray(OTHERS)
  .chain((names) => fc.tuple(...names.map((name) => loadedUnit(fc.constant(name)))));
