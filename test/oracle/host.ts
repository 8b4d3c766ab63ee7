import type { HostSweep } from "../../src/emit/hostSweep.ts";
import type { Tree } from "./tree.ts";

/** A unit that systemd has loaded, as `systemctl list-units --all` shows it. */
export interface LoadedUnit {
  readonly name: string;
  readonly active: "active" | "activating" | "deactivating" | "inactive" | "failed";
  /** What becomes of a stop: it ends, it ends as failed, or the job fails and the unit runs on. */
  readonly onStop: "stops" | "fails" | "refuses";
  /** Units that systemd stops with it: those that require it, are bound to it, or are part of it. */
  readonly neededBy: readonly string[];
}

/** A host at the moment of a sweep. */
export interface DescribedHost {
  readonly program: HostSweep;
  /** `boot`: systemd does not run yet. `silent`: it runs, and does not answer. */
  readonly systemd: "running" | "boot" | "silent";
  /**
   * How it comes that systemd is not there or silent although it has made its directories: the run is
   * in a `chroot` below the initrd, or systemctl is `offline` and says of everything that it is done.
   */
  readonly because?: "chroot" | "offline";
  readonly dry: boolean;
  readonly tree: Tree;
  readonly units: readonly LoadedUnit[];
}

/** The generation that is being activated: `$systemConfig`. */
export const GENERATION = "/nix/store/g-new";

/** What a sweep is expected to do to a host. Texts are the kinds of lines, items are in no order. */
export interface Expected {
  readonly stopped: readonly string[];
  readonly reset: readonly string[];
  readonly reloads: number;
  readonly tree: Tree;
  readonly units: readonly LoadedUnit[];
  /** Items by the words of a line on standard output. */
  readonly acts: ReadonlyMap<string, readonly string[]>;
  /** Items by the words of a line on standard error. */
  readonly reports: ReadonlyMap<string, readonly string[]>;
  readonly failed: boolean;
}
