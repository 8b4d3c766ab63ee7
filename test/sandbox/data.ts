import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Data, DEFAULT_STATE_DIR } from "../oracle/host.ts";

/** The parts of the program, as they are emitted. */
export const PROGRAM = join(import.meta.dirname, "../../templates/microvm-sweep");

const RELEASE = /^release=(.+)$/m.exec(readFileSync(join(PROGRAM, "common.bash"), "utf8"))?.[1];

/** The words of the program's command line that say what a host is, as its page writes them. */
export function dataWords({ vms, autostart, stateDir, backend, policy }: Data): string[] {
  const list = (key: string, values: readonly string[]) =>
    values.map((value) => `--${key}=${value}`);
  const unlessDefault = (key: string, value: string, usual: string) =>
    value === usual ? [] : [`--${key}=${value}`];
  return [
    `--release=${RELEASE}`,
    "--host=hyp-01",
    ...unlessDefault("backend", backend, "activation"),
    ...unlessDefault("state-dir", stateDir, DEFAULT_STATE_DIR),
    ...list("vm", vms),
    ...list("autostart", autostart),
    ...unlessDefault("orphans", policy.orphans, "stop"),
    ...unlessDefault("unit-files", policy.unitFiles, "remove"),
    ...list("keep", policy.keep),
  ];
}
