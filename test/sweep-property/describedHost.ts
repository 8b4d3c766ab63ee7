import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";
import { type DescribedHost, GENERATION, type LoadedUnit } from "../oracle/host.ts";
import { Tree } from "../oracle/tree.ts";

export const STATE_DIR = "/var/lib/microvms";
export const CONTROL = "/etc/systemd/system.control";

/** What an example says of its host; all else is as on a host that declares nothing. */
export interface Description {
  readonly tree: (tree: Tree) => void;
  readonly units?: readonly LoadedUnit[];
  readonly vms?: readonly string[];
  readonly policy?: Partial<Policy>;
  readonly systemd?: DescribedHost["systemd"];
  readonly because?: DescribedHost["because"];
}

/** A host on which systemd runs, with a stale template unit in place. */
export function describedHost({
  tree,
  units = [],
  vms = [],
  policy = {},
  systemd = "running",
  because,
}: Description): DescribedHost {
  const base = new Tree()
    .directory(STATE_DIR)
    .directory("/etc/systemd/system")
    .directory(`${GENERATION}/etc/systemd/system`)
    .file(`${CONTROL}/microvm@.service`, "[Service]\n");
  tree(base);
  return {
    program: {
      hostName: "hyp-01",
      stateDir: STATE_DIR,
      backend: "auto",
      vms,
      autostart: [],
      policy: { ...DEFAULT_POLICY, ...policy },
    },
    systemd,
    ...(because === undefined ? {} : { because }),
    dry: false,
    tree: base,
    units,
  };
}

/** A loaded unit whose stop succeeds, unless told otherwise. */
export function loaded(
  name: string,
  active: LoadedUnit["active"],
  onStop: LoadedUnit["onStop"] = "stops",
  neededBy: readonly string[] = [],
): LoadedUnit {
  return { name, active, onStop, neededBy };
}
