import {
  type Data,
  DEFAULT_STATE_DIR,
  type DescribedHost,
  GENERATION,
  type LoadedUnit,
  type Policy,
  UNITS,
} from "../oracle/host.ts";
import { RECORD, recordText } from "../oracle/record.ts";
import { Tree } from "../oracle/tree.ts";

export const CONTROL = "/etc/systemd/system.control";
export const OLD = "/nix/store/g-1";

const POLICY: Policy = {
  orphans: "stop",
  unitFiles: "delete",
  state: "keep",
  gcroots: "prune",
  keep: [],
  stateDelete: [],
  unitDirs: [],
  archiveDir: "/var/lib/microvm-sweep/archive",
};

/** What an example says of its host; all else is as on a host that declares nothing. */
export interface Description
  extends Partial<Omit<DescribedHost, "tree" | "data">>,
    Partial<Omit<Data, "policy">> {
  readonly tree?: (tree: Tree) => void;
  /** Names that the generation which is replaced declares. */
  readonly removes?: readonly string[];
  readonly policy?: Partial<Policy>;
}

/** A host on which systemd runs and a switch to G is under way. */
export function describedHost(description: Description): DescribedHost {
  const { tree: change, removes, policy, ...rest } = description;
  const tree = new Tree()
    .directory(rest.stateDir ?? DEFAULT_STATE_DIR)
    .directory("/etc/systemd/system")
    .directory(`${GENERATION}/${UNITS}`);
  for (const name of removes ?? []) {
    tree.file(`${OLD}/${UNITS}/install-microvm-${name}.service`).link("/run/current-system", OLD);
  }
  change?.(tree);
  const { vms, autostart, stateDir, fileSystems, backend, ...facts } = rest;
  return {
    data: {
      vms: vms ?? [],
      autostart: autostart ?? [],
      stateDir: stateDir ?? DEFAULT_STATE_DIR,
      fileSystems: fileSystems ?? ["/"],
      backend: backend ?? "activation",
      policy: { ...POLICY, ...policy },
    },
    action: facts.systemd === "boot" ? "" : "switch",
    systemd: "running",
    showFails: false,
    mounts: [],
    open: [],
    units: [],
    ...facts,
    tree,
  };
}

/** A loaded unit that is active and stops, unless the example says otherwise. */
export function loaded(name: string, more: Partial<LoadedUnit> = {}): LoadedUnit {
  const unit = { load: "loaded", active: "active", onStop: "stops", starts: false } as const;
  return { name, ...unit, dependents: [], ...more };
}

/** A record of a sweep for a toplevel. */
export function recorded(tree: Tree, toplevel: string, names: readonly string[], next = ""): Tree {
  const content = { toplevel, next, stateDir: DEFAULT_STATE_DIR, names, unfinished: [] };
  return tree.file(RECORD, recordText(content));
}
