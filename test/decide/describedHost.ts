import {
  type Data,
  DEFAULT_STATE_DIR,
  type DescribedHost,
  GENERATION,
  type ListedUnit,
  type Policy,
  UNITS,
} from "../oracle/host.ts";
import { Tree } from "../oracle/tree.ts";

export const CONTROL = "/etc/systemd/system.control";
/** The system that a switch replaces, and an older generation. */
export const OLD = "/nix/store/g-1";
export const OLDER = "/nix/store/g-2";

/** What an example says of its host; all else is as on a host that declares nothing. */
export interface Description
  extends Partial<Omit<DescribedHost, "tree" | "data">>,
    Partial<Omit<Data, "policy">> {
  readonly tree?: (tree: Tree) => void;
  /** Names that the generation which is replaced declares. */
  readonly removes?: readonly string[];
  readonly policy?: Partial<Policy>;
}

/** A host on which systemd runs and a switch to G is under way. G has the template units. */
export function describedHost(description: Description = {}): DescribedHost {
  const { tree: change, removes, policy, ...rest } = description;
  const tree = new Tree()
    .directory(rest.stateDir ?? DEFAULT_STATE_DIR)
    .directory("/etc/systemd/system")
    .file(`${GENERATION}/${UNITS}/microvm@.service`, "[Unit]\n");
  for (const name of removes ?? []) {
    tree.file(`${OLD}/${UNITS}/install-microvm-${name}.service`).link("/run/current-system", OLD);
  }
  change?.(tree);
  const { vms, autostart, stateDir, backend, ...facts } = rest;
  return {
    data: {
      vms: vms ?? [],
      autostart: autostart ?? [],
      stateDir: stateDir ?? DEFAULT_STATE_DIR,
      backend: backend ?? "activation",
      policy: { orphans: "stop", unitFiles: "remove", keep: [], ...policy },
    },
    action: facts.systemd === "absent" ? "" : "switch",
    systemd: "running",
    units: [],
    ...facts,
    tree,
  };
}

/** A unit that is active, unless the example says otherwise. */
export function listed(name: string, more: Partial<ListedUnit> = {}): ListedUnit {
  return { name, load: "loaded", active: "active", description: `MicroVM '${name}'`, ...more };
}
