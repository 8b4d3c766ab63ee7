import fc from "fast-check";
import type { ListedUnit } from "../oracle/host.ts";
import { family, vmName } from "./generateNames.ts";

const unitName = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(family, vmName).map(([text, vm]) => `${text}@${vm}.service`) },
  { weight: 1, arbitrary: vmName.map((vm) => `install-microvm-${vm}.service`) },
);

const STATES = [
  "active",
  "active",
  "active",
  "reloading",
  "activating",
  "deactivating",
  "failed",
  "failed",
] as const;

/** Some would look like the column of jobs, or like the end of the answer. */
const DESCRIPTIONS = [
  "MicroVM",
  "start the MicroVM",
  "inactive dead",
  "",
  "init.scope",
  "failed failed microvm@bar.service",
];

/** A unit that is listed: an inactive one only with a job. */
export function listedUnit(name: fc.Arbitrary<string>): fc.Arbitrary<ListedUnit> {
  const facts = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(...STATES).map((active) => ({ active })),
    },
    { weight: 1, arbitrary: fc.constant({ active: "inactive", job: "start" } as const) },
    { weight: 1, arbitrary: fc.constant({ active: "active", job: "stop" } as const) },
  );
  return fc
    .record(
      {
        name,
        load: fc.constantFrom("loaded", "loaded", "loaded", "not-found", "masked", "error"),
        facts,
        description: fc.constantFrom(...DESCRIPTIONS),
      },
      { noNullPrototype: true },
    )
    .map(({ facts: state, ...unit }): ListedUnit => ({ ...unit, ...state }) as ListedUnit);
}

/** Units of any VMs. */
export const listedUnits = fc.uniqueArray(listedUnit(unitName), {
  selector: ({ name }) => name,
  maxLength: 5,
});
