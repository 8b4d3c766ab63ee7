import type { Tree } from "./tree.ts";

/** Dependencies with which systemd stops a unit (systemd.unit(5), "Requires=", "BindsTo=", "PartOf="). */
export const STOPPING = [
  "RequiredBy",
  "RequisiteOf",
  "BoundBy",
  "ConsistsOf",
  "PropagatesStopTo",
] as const;
/** Dependencies with which something starts a unit again (systemd.unit(5), "Upholds="; systemd.timer(5)). */
export const REVIVING = ["UpheldBy", "TriggeredBy"] as const;
export type Dependency = (typeof STOPPING)[number] | (typeof REVIVING)[number];

/** Outcomes of a stop; `revives`: something starts the unit again, `complains`: it stops and systemctl fails. */
export const OUTCOMES = ["stops", "fails", "refuses", "revives", "complains"] as const;

/** A unit that systemd has loaded, as `systemctl list-units --all` shows it. */
export interface LoadedUnit {
  readonly name: string;
  /** `not-found`: systemd has lost the file of a unit that it still runs. */
  readonly load: "loaded" | "not-found";
  readonly active: "active" | "activating" | "deactivating" | "inactive" | "failed";
  readonly onStop: (typeof OUTCOMES)[number];
  /** A start job waits in systemd's queue. */
  readonly starts: boolean;
  /** Units that systemd stops with this one, or that start it again. */
  readonly dependents: readonly (readonly [Dependency, string])[];
}

export interface Policy {
  readonly orphans: "stop" | "stop-all" | "report";
  readonly unitFiles: "delete" | "quarantine" | "report";
  readonly state: "keep" | "archive" | "delete";
  readonly gcroots: "prune" | "keep";
  readonly keep: readonly string[];
  readonly stateDelete: readonly string[];
  readonly unitDirs: readonly string[];
  readonly archiveDir: string;
  /** How many VMs a switch may stop. */
  readonly limit?: number | undefined;
}

/** The data that the page gives to the program. */
export interface Data {
  readonly vms: readonly string[];
  readonly autostart: readonly string[];
  readonly stateDir: string;
  readonly fileSystems: readonly string[];
  readonly backend: "activation" | "service";
  readonly policy: Policy;
}

export type Action = "switch" | "test" | "boot" | "dry-activate" | "";

/** A host at the moment of a sweep. */
export interface DescribedHost {
  readonly data: Data;
  /** The value of `NIXOS_ACTION`; empty at boot and for the service. */
  readonly action: Action;
  /** `boot`: systemd does not run yet. `silent`: it runs, and does not answer. */
  readonly systemd: "running" | "boot" | "silent";
  /**
   * Why systemd is absent or silent although its directories exist: the run is in a `chroot` below the
   * initrd; systemctl is `offline` and reports success for everything; its list is `cut` short.
   */
  readonly because?: "chroot" | "offline" | "cut";
  /** systemd's answer about dependencies is cut short. */
  readonly showFails: boolean;
  readonly tree: Tree;
  /** Directories that are mount points beside `/`. */
  readonly mounts: readonly string[];
  /** Paths that a process has open; it works in those that are directories. */
  readonly open: readonly string[];
  readonly units: readonly LoadedUnit[];
}

/** The toplevel that is being activated: G of the design. */
export const GENERATION = "/nix/store/g-new";
export const UNITS = "etc/systemd/system";
export const DEFAULT_STATE_DIR = "/var/lib/microvms";

/** Whether a unit is active, or is about to be: a queued start counts (design, "Stopping"). */
export function isRunning({ active, starts }: LoadedUnit): boolean {
  return starts || (active !== "inactive" && active !== "failed");
}
