import type { DescribedHost } from "../oracle/host.ts";
import { namesOn } from "../oracle/names.ts";
import { type Decisions, decisionsOn, verdictsOn } from "../oracle/oracle.ts";
import type { Sandbox } from "../sandbox/run.ts";
import { type Decided, decide } from "./decide.ts";
import { same } from "./same.ts";

/**
 * Runs `decide` on a host, in a switch and in a plan, and compares what it prints with the oracle.
 *
 * @returns what it decides in a switch, with the verdicts of the plan
 */
export async function checkHost(sandbox: Sandbox, host: DescribedHost): Promise<Decided> {
  const expected = decisionsOn(host);
  const names = namesOn(host);
  const decided = await decide(sandbox, host);
  same(viewOf(decided, names, expected), wantedView(expected), showHost(host));
  const plan = await decide(sandbox, host, "plan");
  same(sorted(plan.verdicts), sorted(verdictsOn(host)), showHost(host));
  // In a plan at boot, a state directory may hold the templates.
  if (host.systemd === "running")
    same(viewOf(plan, names, expected), wantedView(expected), showHost(host));
  return { ...decided, verdicts: plan.verdicts, evidence: plan.evidence, facts: plan.facts };
}

/** What `decide` printed, for comparison. */
function viewOf(decided: Decided, names: readonly string[], { named }: Decisions): object {
  const { stop, reset, remove, keep, notes, faults } = decided;
  const isNamed = (name: string) => notes.some((note) => mentions(note, name));
  return {
    stop: sorted(stop),
    reset: sorted(reset),
    remove: sorted(remove),
    keep: sorted(keep),
    unnamed: named.filter((name) => !isNamed(name)),
    named: names.filter((name) => isNamed(name) && !named.includes(name)),
    faults,
  };
}

/** What the oracle expects, in the form of {@link viewOf}. */
function wantedView({ stop, reset, remove, keep }: Decisions): object {
  return {
    stop: sorted(stop),
    reset: sorted(reset),
    remove: sorted(remove),
    keep: sorted(keep),
    unnamed: [],
    named: [],
    faults: [],
  };
}

function sorted(map: ReadonlyMap<string, string | readonly string[]>): string[] {
  return [...map]
    .map(([key, value]) => [key, ...(typeof value === "string" ? [value] : [...value].sort())])
    .map((words) => words.join(" "))
    .sort();
}

/** Whether a text contains a name as a word of its own. */
export function mentions(text: string, name: string): boolean {
  const around = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[\\s(])${around}(?=$|[\\s,;:)])`, "m").test(text);
}

/** A host as a small tree and a list of units, for a counterexample. */
export function showHost({ tree, units, data, action, systemd }: DescribedHost): string {
  return [
    `action: ${action || "none"}, systemd: ${systemd}`,
    `data: ${JSON.stringify(data)}`,
    ...tree
      .toString()
      .split("\n")
      .filter((line) => !line.endsWith("/"))
      .map((line) => `  ${line}`),
    "units:",
    ...units.map(({ name, load, active, job = "" }) => `  ${name} ${load} ${active} ${job}`),
  ].join("\n");
}
