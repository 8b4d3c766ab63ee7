import fc from "fast-check";
import { type ListedUnit, UNITS } from "../oracle/host.ts";
import type { Tree } from "../oracle/tree.ts";
import { FAMILIES } from "../oracle/units.ts";
import { OLDS, rarely, vmName } from "./generateNames.ts";
import { listedUnit } from "./generateUnits.ts";

/** A VM that the switch removes, with what the host has of it. */
export interface Removal {
  readonly name: string;
  readonly units: readonly ListedUnit[];
  readonly state: "none" | "directory" | "toplevel";
  readonly hasDropIns: boolean;
  readonly isRooted: boolean;
}

const removal: fc.Arbitrary<Removal> = vmName.chain((name) =>
  fc.record({
    name: fc.constant(name),
    units: fc
      .subarray(FAMILIES, { maxLength: 3 })
      .chain((families) =>
        fc.tuple(...families.map((text) => listedUnit(fc.constant(`${text}@${name}.service`)))),
      ),
    state: fc.constantFrom("none", "directory", "toplevel", "toplevel"),
    hasDropIns: fc.boolean(),
    isRooted: rarely(4),
  }),
);

export const removals = fc.uniqueArray(removal, { selector: ({ name }) => name, maxLength: 3 });

/** Lays the removed VMs out, and the system that declares them. */
export function layOutRemovals(tree: Tree, list: readonly Removal[], stateDir: string): void {
  if (list.length === 0) return;
  const [old] = OLDS;
  tree.link("/run/current-system", old);
  for (const { name, state, hasDropIns, isRooted } of list) {
    tree.file(`${old}/${UNITS}/install-microvm-${name}.service`);
    if (state !== "none") tree.file(`${stateDir}/${name}/disk.img`, "data");
    if (state === "toplevel") tree.link(`${stateDir}/${name}/toplevel`, "/nix/store/gone");
    if (hasDropIns) tree.file(`/etc/systemd/system.control/microvm@${name}.service.d/50-x.conf`);
    if (isRooted)
      tree.link(`/nix/var/nix/gcroots/microvm/booted-${name}`, `${stateDir}/${name}/booted`);
  }
}
