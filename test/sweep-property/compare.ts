import type { DescribedHost, Expected } from "../oracle/host.ts";
import { treeLines } from "./layout.ts";
import type { Observed } from "./run.ts";

const TIME = /\d{8}T\d{6}Z/g;
/** The words of a line of action, as they stand behind "would". */
const VERBS: Readonly<Record<string, string>> = {
  stopping: "stop",
  removing: "remove",
  quarantining: "quarantine",
  reloading: "reload",
  resetting: "reset",
  archiving: "archive",
  deleting: "delete",
};

/** A line as its words and its items: `removing stale unit files: a, b`. */
function parseLine(line: string): [string, string[]] {
  const [words = "", ...rest] = line.split(": ");
  const items = rest
    .join(": ")
    .replace(/; (to stop: .*|left alone)$/, "")
    .replaceAll(/ \([^()]*\)/g, "");
  return [
    words,
    items === ""
      ? []
      : items
          .split(", ")
          .map((item) => item.replace(TIME, "TIME"))
          .sort(),
  ];
}

function parseActs(stdout: string, dry: boolean): Record<string, string[]> {
  return Object.fromEntries(
    stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [words, items] = parseLine(line);
        const [verb = "", ...others] = words.split(" ");
        if (dry) return [verb === "would" ? others.join(" ") : `not "would": ${words}`, items];
        return [[VERBS[verb] ?? `unknown ${verb}`, ...others].join(" "), items];
      }),
  );
}

function parseReports(stderr: string): Record<string, string[]> {
  return Object.fromEntries(
    stderr
      .split("\n")
      .filter((line) => line !== "" && !/^(Failed to connect to bus|Running in chroot)/.test(line))
      .map((line) => {
        if (!line.startsWith("microvm-sweep: ")) return [`stray: ${line}`, []];
        const [words, items] = parseLine(line.slice("microvm-sweep: ".length));
        return words === "error" ? ["error", []] : [words, items];
      }),
  );
}

function sortedItems(map: ReadonlyMap<string, readonly string[]>): Record<string, string[]> {
  return Object.fromEntries([...map].map(([words, items]) => [words, [...items].sort()]));
}

/** The lines of the ledger are in no order. */
function comparable(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const text = /^\/run\/microvm-sweep\/declared: (.*)$/.exec(line)?.[1];
    if (text === undefined) return line;
    return `/run/microvm-sweep/declared: ${JSON.parse(text).split("\n").sort().join(" ")}`;
  });
}

/** What the oracle expects, in the form of {@link observedView}. */
export function expectedView(expected: Expected): object {
  return {
    acts: sortedItems(expected.acts),
    reports: sortedItems(expected.reports),
    status: expected.failed ? 1 : 0,
    tree: comparable(treeLines(expected.tree)),
  };
}

/** What a run did, for comparison with the oracle. */
export function observedView(observed: Observed, { dry }: DescribedHost): object {
  return {
    acts: parseActs(observed.stdout, dry),
    reports: parseReports(observed.stderr),
    status: observed.status,
    tree: comparable(treeLines(observed.tree)),
  };
}

/** The calls of systemctl that changed something, for a real run. */
export function expectedCalls({ stopped, reset, reloads }: Expected): string[] {
  return [
    ...stopped.map((name) => `stop ${name}`),
    ...reset.map((name) => `reset ${name}`),
    ...Array.from({ length: reloads }, () => "reload"),
  ].sort();
}

/** A host as a small tree and a table, for a counterexample. */
export function showHost({ tree, units, program, systemd }: DescribedHost): string {
  const table = units.map(({ name, active, onStop }) => `  ${name} ${active} (${onStop})`);
  return [
    `systemd: ${systemd}`,
    `program: ${JSON.stringify(program)}`,
    ...treeLines(tree),
    ...table,
  ].join("\n");
}
