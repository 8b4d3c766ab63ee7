import { type DescribedHost, GENERATION, UNITS } from "../oracle/host.ts";
import { type Expected, oracle } from "../oracle/oracle.ts";
import { showHost } from "./compare.ts";
import { treeLines } from "./layout.ts";
import { asText } from "./lines.ts";
import type { Sandbox } from "./run.ts";
import { same } from "./same.ts";

/** What of `plan --json` this test reads. */
interface Plan {
  readonly vms: readonly { readonly name: string; readonly verdict: string }[];
  readonly files: readonly { readonly path: string; readonly happens: string }[];
  readonly stop: readonly string[];
  readonly remove: readonly string[];
  readonly reload: boolean;
  readonly reset: readonly string[];
  readonly roots: readonly string[];
  readonly state: readonly string[];
  readonly errors: readonly string[];
}

function itemsOf({ acts }: Expected, ...words: readonly string[]): string[] {
  return words
    .flatMap((text) => acts.get(text) ?? [])
    .map(asText)
    .sort();
}

function expectedPlan(host: DescribedHost, expected: Expected): object {
  const { stateDir } = host.data;
  const archived = itemsOf(expected, "archive state directories").map((text) =>
    text.replace(/ -> .*/, ""),
  );
  const deleted = itemsOf(expected, "delete state directories");
  return {
    stop: itemsOf(expected, "stop orphaned MicroVMs"),
    remove: itemsOf(expected, "remove stale unit files", "quarantine stale unit files"),
    reload: expected.acts.has("reload systemd"),
    reset: itemsOf(expected, "reset failed units"),
    roots: itemsOf(expected, "remove dangling garbage collection roots"),
    state: [...archived, ...deleted].map((name) => `${stateDir}/${name}`).sort(),
    hasErrors: expected.failed,
  };
}

/** Compares `plan --json` with the oracle, verdict by verdict, and with what a real run would do. */
export function checkPlan(sandbox: Sandbox, host: DescribedHost): void {
  sandbox.layOut(host);
  const { stdout, stderr, status, tree, log } = sandbox.run(
    host,
    "plan",
    "--json",
    `--system=${GENERATION}`,
  );
  const shown = showHost(host);
  // A generation that does not run yet is looked at as a switch to it.
  const isCurrent = host.tree.resolve("/run/current-system") === GENERATION;
  const expected = oracle({ ...host, action: isCurrent ? "" : "switch" }, true);
  same([log, treeLines(tree)], [[], treeLines(host.tree)], shown);
  if (host.tree.stat(`${GENERATION}/${UNITS}`) === undefined) {
    // Without the units of G there is no plan.
    same([status, stdout, stderr !== ""], [2, "", true], shown);
    return;
  }
  const plan = parsePlan(stdout, `${shown}\n${stdout}${stderr}`);
  const verdicts = Object.fromEntries(plan.vms.map(({ name, verdict }) => [name, verdict]));
  const differing = [...expected.verdicts].filter(
    ([name, verdict]) =>
      (verdicts[name] ?? (verdict === "live" || verdict === "kept" ? verdict : "none")) !== verdict,
  );
  same(
    differing.map(([name, verdict]) => `${name}: ${verdict} expected, ${verdicts[name]} found`),
    [],
    shown,
  );
  const { stop, remove, reload, reset, roots, state } = plan;
  same(
    {
      stop: [...stop].sort(),
      remove: [...remove].sort(),
      reload,
      reset: [...reset].sort(),
      roots: [...roots].sort(),
      state: [...state].sort(),
      hasErrors: plan.errors.length > 0,
    },
    expectedPlan(host, expected),
    shown,
  );
  const isStale = Object.values(expectedPlan(host, expected)).some(
    (value) => value === true || (Array.isArray(value) && value.length > 0),
  );
  if (!isStale && expected.named.length > 0) return;
  same(status, isStale ? 1 : 0, shown);
}

function parsePlan(text: string, message: string): Plan {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`no JSON: ${message}`);
  }
}
