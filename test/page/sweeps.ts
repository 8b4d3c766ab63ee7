import fc from "fast-check";
import type { HostSweep } from "../../src/page/program.ts";
import {
  choices,
  DEFAULT_POLICY,
  POLICY,
  type Policy,
  type PolicyRow,
} from "../../src/policy/policy.ts";
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
const TEMPLATE_PIECES = ["{{generated}}", "{{{words}}}", "{{> page}}", "*/"];

const text = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.constantFrom(...TEMPLATE_PIECES) },
);

/** Unique, and in the order of bytes, which is Nix's. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

const list = fc.array(text, { maxLength: 8 }).map(sorted);

/** Any value of a setting. */
function anyValue(row: PolicyRow): fc.Arbitrary<unknown> {
  switch (row.kind) {
    case "choice":
      return fc.constantFrom(...Object.keys(row.values));
    case "names":
      return list;
    case "number":
      return fc.constantFrom(null, 0, 3);
  }
}

const PROGRAM_ROWS = POLICY.filter(({ takenBy }) => takenBy === "program");

const anySweep: fc.Arbitrary<HostSweep> = fc.record({
  hostName: text,
  stateDir: text,
  vms: list,
  autostart: list,
  policy: fc.record(
    Object.fromEntries(PROGRAM_ROWS.map((row) => [row.key, anyValue(row)])),
  ) as fc.Arbitrary<unknown> as fc.Arbitrary<Policy>,
  backend: fc.constantFrom(...choices("backend")),
});

/** One text at every place at once. */
function everywhere(hostile: string): HostSweep {
  const names = [hostile];
  return sweep(
    { hostName: hostile, stateDir: hostile, vms: names, autostart: [] },
    { keep: names },
  );
}

/** Each payload and each special text at every place, and sweeps from a seed that a failure names. */
export function hostileSweeps(canary: string, count: number, seed: number): HostSweep[] {
  const known = ["", "-", "-n", ...TEMPLATE_PIECES, ...payloads(canary)];
  return [...known.map(everywhere), ...fc.sample(anySweep, { numRuns: count, seed })];
}

/**
 * The arguments that the program must get for a sweep, in their order. They are written here once more,
 * and not made from the table of policies, so that a test compares the two.
 */
export function expectedArguments({ hostName, policy, vms, autostart, stateDir }: HostSweep) {
  const list = (flag: string, values: readonly string[]) =>
    values.map((value) => `--${flag}=${value}`);
  const unless = (flag: string, value: unknown, standard: unknown) =>
    value === standard ? [] : [`--${flag}=${value}`];
  const { orphans, unitFiles, keep, limit } = policy;
  const settings = { orphans, unitFiles, keep, limit };
  const missing = PROGRAM_ROWS.map(({ key }) => key).filter((key) => !(key in settings));
  if (missing.length > 0) {
    throw new Error(
      `src/policy/policy.ts has ${missing}, which is new: add its arguments to expectedArguments in test/page/sweeps.ts`,
    );
  }
  return {
    settings: [
      `--host=${hostName}`,
      ...unless("orphans", orphans, "stop"),
      ...unless("unit-files", unitFiles, "remove"),
      ...list("keep", keep),
      ...unless("limit", limit, null),
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
