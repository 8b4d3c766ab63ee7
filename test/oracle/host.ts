import type { Tree } from "./tree.ts";

/** A unit as `systemctl list-units` without `--all` shows it: it is active, has failed or has a job. */
export interface ListedUnit {
  readonly name: string;
  readonly load: "loaded" | "not-found" | "masked" | "error";
  readonly active: "active" | "reloading" | "activating" | "deactivating" | "inactive" | "failed";
  /** The job that waits for the unit; any job gives each line of the list a column more. */
  readonly job?: "start" | "stop" | "restart";
  readonly description: string;
}

export interface Policy {
  readonly orphans: "stop" | "stop-all" | "report";
  readonly unitFiles: "remove" | "report";
  readonly keep: readonly string[];
}

/** The data that the page gives to the program. */
export interface Data {
  readonly vms: readonly string[];
  readonly autostart: readonly string[];
  readonly stateDir: string;
  readonly backend: "activation" | "service";
  readonly policy: Policy;
}

export type Action = "switch" | "test" | "boot" | "dry-activate" | "";

/** All that `decide` knows of a host at the moment of a sweep. */
export interface DescribedHost {
  readonly data: Data;
  /** The value of `NIXOS_ACTION`; empty at boot, for the service and by hand. */
  readonly action: Action;
  /** `absent`: at boot, or in a chroot. */
  readonly systemd: "running" | "absent";
  /** The answer of `systemctl list-units`; empty where systemd is absent. */
  readonly units: readonly ListedUnit[];
  readonly tree: Tree;
}

/** The toplevel that is being activated: G of the design. */
export const GENERATION = "/nix/store/g-new";
/** C of the design: what the switch replaces. */
export const CURRENT = "/run/current-system";
/** B of the design: the boot default. */
export const PROFILE = "/nix/var/nix/profiles/system";
/** Units of a toplevel. */
export const UNITS = "etc/systemd/system";
export const ROOTS = "/nix/var/nix/gcroots/microvm";
export const DEFAULT_STATE_DIR = "/var/lib/microvms";
