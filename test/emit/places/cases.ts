import fc from "fast-check";
import type { HostSweep } from "../../../src/emit/hostSweep.ts";
import type { Provenance } from "../../../src/emit/provenance.ts";
import { choices } from "../../../src/policy/policy.ts";
import { hostileText, payloads } from "../quote/hostileText.ts";

/** Everything that reaches a module or a script from outside, hostile at every place. */
export interface Case {
  readonly program: HostSweep;
  readonly provenance: Provenance;
  readonly systemctl: string;
}

/** What means something to the templates or to the code that fills them in. */
const TEMPLATE_PIECES = [
  "{{vms}}",
  "{{{vms}}}",
  "{{> script}}",
  "@systemctl@",
  "systemctl=@systemctl@\n",
  "\nstatus=0\n",
  `\${list generated.vms}`,
  "''\n}",
  "*/",
];

const text = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.constantFrom(...TEMPLATE_PIECES) },
);

/** A text that no file can hold: one half of a surrogate pair is alone. */
export const illFormedText: fc.Arbitrary<string> = fc
  .tuple(hostileText, fc.constantFrom("\ud800", "\udbff", "\udc00", "\udfff"), hostileText)
  .map((parts) => parts.join(""))
  .filter((joined) => !joined.isWellFormed());

/** What only comments and messages show may be ill-formed: an argument of a command is not. */
const shownText = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: illFormedText },
  { weight: 1, arbitrary: hostileText.map((shown) => `${shown}\0`) },
);

/** Lists are unique and in the order of bytes, which is Nix's. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

const list = fc.array(text, { maxLength: 8 }).map(sorted);

const anyCase: fc.Arbitrary<Case> = fc.record({
  program: fc.record({
    hostName: shownText,
    stateDir: text,
    vms: list,
    autostart: list,
    policy: fc.record({
      orphans: fc.constantFrom(...choices("orphans")),
      unitFiles: fc.constantFrom(...choices("unitFiles")),
      // The only one whose script has every list.
      state: fc.constant("delete" as const),
      gcroots: fc.constant("prune" as const),
      keep: list,
      stateDelete: list,
      unitDirs: list,
    }),
  }),
  provenance: fc.record({
    source: shownText,
    command: fc.array(text, { minLength: 1, maxLength: 8 }),
    backend: fc.constantFrom(...choices("backend")),
  }),
  systemctl: text,
});

/** One text at every place at once. */
export function everywhere(hostile: string, backend: Provenance["backend"] = "auto"): Case {
  const list = [hostile];
  return {
    program: {
      hostName: hostile,
      stateDir: hostile,
      vms: list,
      autostart: list,
      policy: {
        orphans: "stop",
        unitFiles: "delete",
        state: "delete",
        gcroots: "prune",
        keep: list,
        stateDelete: list,
        unitDirs: list,
      },
    },
    provenance: { source: hostile, command: list, backend },
    systemctl: hostile,
  };
}

/** The texts of a case, at whatever place. */
export function textsOf({ program, provenance, systemctl }: Case): string[] {
  const { hostName, stateDir, vms, autostart, policy } = program;
  return [
    ...[hostName, stateDir, systemctl, provenance.source, ...provenance.command],
    ...[...vms, ...autostart, ...policy.keep, ...policy.stateDelete, ...policy.unitDirs],
  ];
}

/** Each payload and each special text at every place, and cases from a seed that a failure names. */
export function allCases(canary: string, count: number, seed: number): Case[] {
  const known = ["", "-", ...TEMPLATE_PIECES, ...payloads(canary)];
  return [
    ...known.flatMap((hostile) =>
      choices("backend").map((backend) => everywhere(hostile, backend)),
    ),
    ...fc.sample(anyCase, { numRuns: count, seed }),
  ];
}
