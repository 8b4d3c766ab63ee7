import type { DescribedHost } from "../oracle/host.ts";
import type { Expected } from "../oracle/oracle.ts";
import { RECORD, readRecord } from "../oracle/record.ts";
import type { Tree } from "../oracle/tree.ts";
import { treeLines } from "./layout.ts";
import { asText, controlCharacters, mentions, parseActs, strayLines } from "./lines.ts";
import type { Observed } from "./run.ts";

/**
 * The tree with the record by its content: its names are in no order. What is unfinished shows in what
 * the next run does.
 */
export function comparable(tree: Tree): string[] {
  const record = readRecord({ tree });
  const lines = treeLines(tree).filter((line) => !line.startsWith(`${RECORD}: `));
  if (record === undefined) return lines;
  const { toplevel, next, stateDir, names } = record;
  return [...lines, `record: ${toplevel} ${next} ${stateDir} ${[...names].sort().join(" ")}`];
}

function sorted(map: ReadonlyMap<string, readonly string[]>): Record<string, string[]> {
  return Object.fromEntries([...map].map(([words, items]) => [words, items.map(asText).sort()]));
}

/** The calls of systemctl that change something. */
export function expectedCalls({ stopped, reset, reloads }: Expected): string[] {
  return [
    ...stopped.map((name) => `stop ${name}`),
    ...reset.map((name) => `reset ${name}`),
    ...Array.from({ length: reloads }, () => "reload"),
  ].sort();
}

/** What the oracle expects, in the form of {@link observedView}. */
export function expectedView(expected: Expected): object {
  return {
    acts: sorted(expected.acts),
    status: expected.failed ? 1 : 0,
    hasError: expected.failed,
    calls: expectedCalls(expected),
    unnamed: [],
    stray: [],
    control: [],
    tree: comparable(expected.tree),
  };
}

/** What a run did, for comparison with the oracle. */
export function observedView(
  observed: Observed,
  { action }: DescribedHost,
  { named }: Expected,
): object {
  const { stdout, stderr, status, log, tree } = observed;
  return {
    acts: parseActs(stdout, action === "dry-activate"),
    status,
    hasError: /^microvm-sweep: error: /m.test(stderr),
    calls: [...log].sort(),
    unnamed: named.filter((item) => !mentions(stderr, item)),
    stray: strayLines(stderr),
    control: controlCharacters(stdout + stderr),
    tree: comparable(tree),
  };
}

/** A host as a small tree and a table, for a counterexample. */
export function showHost({ tree, units, ...rest }: DescribedHost): string {
  const { data, ...facts } = rest;
  const set = Object.entries(facts).filter(([, value]) => value !== false && String(value) !== "");
  const table = units.map(({ name, load, active, onStop, starts, dependents }) => {
    const needs = dependents.map(([kind, unit]) => ` ${kind}=${unit}`).join("");
    return `  ${name} ${load} ${active} (${onStop})${starts ? " start queued" : ""}${needs}`;
  });
  return [
    ...set.map(([key, value]) => `${key}: ${value}`),
    `data: ${JSON.stringify(data)}`,
    ...treeLines(tree).map((line) => `  ${line}`),
    "units:",
    ...table,
  ].join("\n");
}
