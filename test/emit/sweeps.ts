import fc from "fast-check";
import type { HostSweep } from "../../src/emit/program.ts";
import { choices, DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";
import { hostileText, payloads } from "./hostileText.ts";

/** A host that declares `fw` and `db`, and starts `fw` and the imperative `imp`. */
export function sweep(change: Partial<HostSweep> = {}, policy: Partial<Policy> = {}): HostSweep {
  return {
    hostName: "hyp-01",
    stateDir: "/var/lib/microvms",
    vms: ["db", "fw"],
    autostart: ["fw", "imp"],
    policy: { ...DEFAULT_POLICY, ...policy },
    backend: "auto",
    ...change,
  };
}

/** What means something to the templates or to the code that fills them in. */
const TEMPLATE_PIECES = ["{{generated}}", "{{{words}}}", "{{> page}}", "\nEND_OF_PROGRAM\n", "*/"];

const text = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.constantFrom(...TEMPLATE_PIECES) },
);

/** Unique, and in the order of bytes, which is Nix's. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

const list = fc.array(text, { maxLength: 8 }).map(sorted);

const anySweep: fc.Arbitrary<HostSweep> = fc.record({
  hostName: text,
  stateDir: text,
  vms: list,
  autostart: list,
  policy: fc.record({
    orphans: fc.constantFrom(...choices("orphans")),
    unitFiles: fc.constantFrom(...choices("unitFiles")),
    state: fc.constantFrom(...choices("state")),
    gcroots: fc.constantFrom(...choices("gcroots")),
    keep: list,
    stateDelete: list,
    unitDirs: list,
    archiveDir: text,
    limit: fc.constantFrom(null, 0, 3),
  }),
  backend: fc.constantFrom(...choices("backend")),
});

/** One text at every place at once. */
function everywhere(hostile: string): HostSweep {
  const names = [hostile];
  return sweep(
    { hostName: hostile, stateDir: hostile, vms: names, autostart: [] },
    { keep: names, stateDelete: names, unitDirs: names, archiveDir: hostile },
  );
}

/** Each payload and each special text at every place, and sweeps from a seed that a failure names. */
export function hostileSweeps(canary: string, count: number, seed: number): HostSweep[] {
  const known = ["", "-", "-n", ...TEMPLATE_PIECES, ...payloads(canary)];
  return [...known.map(everywhere), ...fc.sample(anySweep, { numRuns: count, seed })];
}

/** The arguments that the program must get for a sweep, in their order. */
export function expectedArguments({ hostName, policy, vms, autostart, stateDir }: HostSweep) {
  const list = (flag: string, values: readonly string[]) =>
    values.map((value) => `--${flag}=${value}`);
  const unless = (flag: string, value: unknown, standard: unknown) =>
    value === standard ? [] : [`--${flag}=${value}`];
  return {
    settings: [
      `--host=${hostName}`,
      ...unless("orphans", policy.orphans, "stop"),
      ...unless("unit-files", policy.unitFiles, "delete"),
      ...unless("state", policy.state, "keep"),
      ...unless("gcroots", policy.gcroots, "prune"),
      ...list("keep", policy.keep),
      ...list("state-delete", policy.stateDelete),
      ...list("unit-dir", policy.unitDirs),
      ...unless("archive-dir", policy.archiveDir, "/var/lib/microvm-sweep/archive"),
      ...unless("limit", policy.limit, null),
    ],
    declared: [
      ...list("vm", vms),
      ...list(
        "autostart",
        autostart.filter((name) => !vms.includes(name)),
      ),
      `--state-dir=${stateDir}`,
    ],
  };
}
