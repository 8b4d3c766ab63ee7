import { type DescribedHost, GENERATION } from "../oracle/host.ts";
import type { Decisions } from "../oracle/oracle.ts";
import { dataWords } from "../sandbox/data.ts";
import { listUnits } from "../sandbox/listUnits.ts";
import type { Result, Sandbox } from "../sandbox/run.ts";

/** `user`: a plan without root. */
export type View = "switch" | "plan" | "user";

/** The lines that `decide` prints, read by their words. */
export interface Decided extends Omit<Decisions, "named"> {
  readonly verdicts: ReadonlyMap<string, string>;
  readonly evidence: ReadonlyMap<string, string>;
  readonly why: ReadonlyMap<string, string>;
  readonly facts: readonly string[];
  readonly notes: readonly string[];
  /** Lines that are none of the design's, or come where they must not. */
  readonly faults: readonly string[];
}

/** Runs `decide` on a host that is laid out. */
export function runDecide(
  sandbox: Sandbox,
  host: DescribedHost,
  view: View = "switch",
  answer = host.systemd === "running" ? listUnits(host.units) : "",
): Promise<Result> {
  const words = [...dataWords(host.data), "--", GENERATION, host.action, host.systemd, view];
  return sandbox.run("decide", words, answer);
}

/** Lays a host out and runs `decide` on it, which must succeed. */
export async function decide(
  sandbox: Sandbox,
  host: DescribedHost,
  view: View = "switch",
): Promise<Decided> {
  sandbox.layOut(host.tree);
  const { status, stdout, stderr } = await runDecide(sandbox, host, view);
  if (status !== 0 || stderr !== "")
    throw new Error(`decide ends with ${status}:\n${stdout}${stderr}`);
  return readDecisions(stdout);
}

const FIELDS: Readonly<Record<string, (count: number) => boolean>> = {
  vm: (count) => count === 3,
  fact: (count) => count === 2,
  stop: (count) => count >= 2,
  remove: (count) => count === 2,
  keep: (count) => count === 3,
  reset: (count) => count >= 2,
  note: (count) => count === 1,
};

/** Reads the lines of `decide`, whose form is in docs/plan.md. */
export function readDecisions(text: string): Decided {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const ends = text.endsWith("\nend\n") || text === "end\n";
  const isLine = ([word = "", ...fields]: string[]) => FIELDS[word]?.(fields.length) === true;
  const decided = ends ? lines.slice(0, -2) : lines;
  const of = (word: string) =>
    decided.filter(([first]) => first === word).map(([, ...rest]) => rest);
  const byName = (word: string) =>
    new Map(of(word).map(([name = "", ...units]) => [name, units] as const));
  const byPath = (word: string) =>
    new Map(of(word).map(([name = "", path = ""]) => [path, name] as const));
  const counted = (word: string) => of(word).map(([first = "", second]) => `${first} ${second}`);
  return {
    verdicts: new Map(of("vm").map(([name = "", verdict = ""]) => [name, verdict])),
    evidence: new Map(of("vm").map(([name = "", , evidence = ""]) => [name, evidence])),
    facts: of("fact").map((fields) => fields.join(": ")),
    stop: byName("stop"),
    reset: byName("reset"),
    remove: byPath("remove"),
    keep: byPath("keep"),
    why: new Map(of("keep").map(([, path = "", why = ""]) => [path, why])),
    notes: of("note").map(([note = ""]) => note),
    faults: [
      ...(ends ? [] : ["no end"]),
      ...decided.filter((line) => !isLine(line)).map((line) => line.join(" ")),
      ...["vm", "stop", "remove", "keep", "reset"].flatMap((word) =>
        repeated(counted(word)).map((line) => `twice: ${word} ${line}`),
      ),
      ...(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(text) ? ["a control character"] : []),
    ],
  };
}

function repeated(list: readonly string[]): string[] {
  return list.filter((item, at) => list.indexOf(item) !== at);
}
