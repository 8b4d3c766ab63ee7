import type { Data } from "../oracle/host.ts";

/** The words of the program's command line that say what a host is, as its page writes them. */
export function dataArguments({
  vms,
  autostart,
  stateDir,
  fileSystems,
  backend,
  policy,
}: Data): string[] {
  const list = (key: string, values: readonly string[]) =>
    values.map((value) => `--${key}=${value}`);
  return [
    `--release=${RELEASE}`,
    "--host=hyp-01",
    ...list("vm", vms),
    ...list("autostart", autostart),
    `--state-dir=${stateDir}`,
    ...list("file-system", fileSystems),
    `--backend=${backend}`,
    `--orphans=${policy.orphans}`,
    `--unit-files=${policy.unitFiles}`,
    `--state=${policy.state}`,
    `--gcroots=${policy.gcroots}`,
    `--archive-dir=${policy.archiveDir}`,
    ...(policy.limit === undefined ? [] : [`--limit=${policy.limit}`]),
    ...list("keep", policy.keep),
    ...list("state-delete", policy.stateDelete),
    ...list("unit-dir", policy.unitDirs),
  ];
}

/** The release that the program is stamped with. */
export const RELEASE = "0.2.0";
