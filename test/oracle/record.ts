import { type DescribedHost, GENERATION } from "./host.ts";
import { isInstanceName } from "./units.ts";

export const RECORD = "/run/microvm-sweep/record";

/** The record of a sweep or of a pre-switch check (design, "Evidence"). */
export interface SweepRecord {
  readonly toplevel: string;
  /** The generation that the pre-switch check has announced. */
  readonly next: string;
  readonly stateDir: string;
  readonly names: readonly string[];
  /** VMs of which an earlier run has not swept everything. */
  readonly unfinished: readonly string[];
}

export function readRecord({ tree }: Pick<DescribedHost, "tree">): SweepRecord | undefined {
  const node = tree.stat(RECORD);
  if (node?.kind !== "file") return undefined;
  const lines = node.text.split("\n").map((line): [string, string] => {
    const [key = "", ...rest] = line.split(" ");
    return [key, rest.join(" ")];
  });
  const first = (key: string) => lines.find(([found]) => found === key)?.[1] ?? "";
  const all = (key: string) =>
    lines.flatMap(([found, value]) => (found === key ? [value] : [])).filter(isInstanceName);
  return {
    toplevel: first("toplevel"),
    next: first("next"),
    stateDir: first("state-dir"),
    names: all("vm"),
    unfinished: all("unfinished"),
  };
}

export function recordText(record: SweepRecord): string {
  const { toplevel, next, stateDir, names, unfinished } = record;
  const lines = [`toplevel ${toplevel}`, next === "" ? "next" : `next ${next}`];
  const vms = names.map((name) => `vm ${name}`);
  const rest = unfinished.map((name) => `unfinished ${name}`);
  return [...lines, `state-dir ${stateDir}`, ...vms, ...rest, ""].join("\n");
}

/**
 * The record where it counts: it was written for the current system, or, since a service runs only
 * then, announces the one that now is.
 */
export function countingRecord(host: DescribedHost): SweepRecord | undefined {
  const record = readRecord(host);
  const current = host.tree.resolve("/run/current-system");
  if (record === undefined || current === undefined) return undefined;
  const isAnnounced = host.data.backend === "service" && record.next === current;
  return record.toplevel === current || isAnnounced ? record : undefined;
}

/** Names that an earlier run did not sweep to the end: nothing of them is stopped any more. */
export function unfinishedNames(host: DescribedHost): string[] {
  const record = readRecord(host);
  if (record === undefined) return [];
  const current = host.tree.resolve("/run/current-system");
  // The activation went on to its end without the sweep that its check had announced.
  const isLost = countingRecord(host) === undefined && record.next === current;
  return [...record.unfinished, ...(isLost ? record.names : [])];
}

/** Whether the sweep for G has run before, and the activation was killed before it was the current system. */
export function wasSweptBefore(host: DescribedHost): boolean {
  const current = host.tree.resolve("/run/current-system");
  return current !== GENERATION && readRecord(host)?.toplevel === GENERATION;
}
