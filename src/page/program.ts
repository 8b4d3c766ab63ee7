import { createHash } from "node:crypto";
import { invariant } from "../diagnostics/internalError.ts";
import { type Backend, type Policy, policyArguments } from "../policy/policy.ts";
import { programs } from "./programs.generated.js";

/** The name of the program's directory, which lies beside the page. */
export const PROGRAM_DIRECTORY = "microvm-sweep";

/** The text of each file of the program's directory, by name: the same bytes for every host of a release. */
export function programFiles(): ReadonlyMap<string, string> {
  return new Map(Object.entries<string>(programs).map(([name, text]) => [`${name}.bash`, text]));
}

/** What each file of the program has among its comments, in any release since it lies in a directory. */
const OF_PROGRAM = /^# .*\bmicrovm-sweep\b/m;

/** Whether a text is a file of the program of any release, edited or not. */
export function isProgramFile(text: string): boolean {
  return OF_PROGRAM.test(text);
}

/** A checksum of files by name. A page names that of its program, so that an edited program is recognized. */
export function checksumOfFiles(files: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const name of [...files.keys()].sort()) hash.update(`${name}\0${files.get(name)}\0`);
  return hash.digest("hex").slice(0, 16);
}

let stamp: string | undefined;

/** The release of microvm-sweep, which stands in the program. */
export function release(): string {
  stamp ??= /^release=(.+)$/m.exec(programs["common"] ?? "")?.[1];
  invariant(stamp !== undefined, "the program has no release");
  return stamp;
}

/** One host as it is emitted: what it declares, and what the administrator lets the sweep do there. */
export interface HostSweep {
  readonly hostName: string;
  /** Names in `microvm.vms`; they alone are recorded, and a recorded name may be stopped. */
  readonly vms: readonly string[];
  /** Names in `microvm.autostart`; together with `vms` they are the declared names. */
  readonly autostart: readonly string[];
  /** Absolute, normalised path of the directory that holds one state directory for each MicroVM. */
  readonly stateDir: string;
  readonly policy: Policy;
  readonly backend: Backend;
}

/**
 * The arguments of the program that the configuration decides. The guard of a page compares them.
 *
 * A name in both lists is written once: a MicroVM of `microvm.vms` is declared whether or not it starts at boot.
 */
export function declaredArguments({ vms, autostart, stateDir }: HostSweep): readonly string[] {
  const known = new Set(vms);
  const imperative = autostart.filter((name) => !known.has(name));
  return [
    ...vms.map((name) => `--vm=${name}`),
    ...imperative.map((name) => `--autostart=${name}`),
    `--state-dir=${stateDir}`,
  ];
}

/** The arguments of the program that the administrator decides, and the name for messages. */
export function settingArguments({ hostName, policy }: HostSweep): readonly string[] {
  return [`--host=${hostName}`, ...policyArguments(policy)];
}
