import { replacedNames } from "../oracle/evidence.ts";
import { type DescribedHost, GENERATION, UNITS } from "../oracle/host.ts";
import { type Expected, oracle } from "../oracle/oracle.ts";
import { RECORD } from "../oracle/record.ts";
import type { Tree } from "../oracle/tree.ts";
import { checkPlan } from "./checkPlan.ts";
import { expectedView, observedView, showHost } from "./compare.ts";
import { treeLines } from "./layout.ts";
import type { Observed, Sandbox } from "./run.ts";
import { same } from "./same.ts";

/** Activates a host and compares the run with the oracle. */
function checkActivation(sandbox: Sandbox, host: DescribedHost, expected: Expected): Observed {
  const observed = sandbox.activate(host);
  same(observedView(observed, host, expected), expectedView(expected), showHost(host));
  return observed;
}

function checkDry(sandbox: Sandbox, host: DescribedHost): void {
  const dry: DescribedHost = { ...host, action: "dry-activate" };
  const observed = checkActivation(sandbox, dry, oracle(dry));
  same(observed.units, host.units, showHost(host));
}

/** The second run: nothing is left to do, unless the first left something open. */
function checkSecond(sandbox: Sandbox, host: DescribedHost, first: Expected): void {
  const expected = oracle(host);
  const { stdout } = checkActivation(sandbox, host, expected);
  if (!first.isOpen) same(stdout, "", showHost(host));
}

/**
 * Runs the pre-switch check: it writes the record of what is replaced, changes nothing else, and refuses
 * a switch that would stop more VMs than the limit.
 *
 * @returns the host after it
 */
function checkCheck(sandbox: Sandbox, host: DescribedHost): DescribedHost {
  const { limit } = host.data.policy;
  sandbox.layOut(host);
  const { status, tree, log, stdout } = sandbox.run(host, "check", GENERATION, host.action);
  const stops = oracle(host, true).acts.get("stop orphaned MicroVMs") ?? [];
  const vetoes = limit !== undefined && stops.length > limit;
  same([status, log, stdout], [vetoes ? 1 : 0, [], ""], showHost(host));
  const after = { ...host, tree };
  same(without(tree, RECORD), without(host.tree, RECORD), showHost(host));
  same(replacedNames(after).sort(), replacedNames(host).sort(), showHost(after));
  return after;
}

function without(tree: Tree, path: string): string[] {
  const rest = tree.copy();
  rest.remove(path);
  return treeLines(rest);
}

/**
 * Compares a check or a plan, a dry run, a real one and a second one with the oracle.
 *
 * @returns what the real run did
 */
export function checkHost(sandbox: Sandbox, described: DescribedHost): Observed {
  const isSwitch = described.action === "switch";
  const isChecked = isSwitch && described.tree.stat(`${GENERATION}/${UNITS}`) !== undefined;
  const host = isChecked ? checkCheck(sandbox, described) : described;
  if (isSwitch) checkDry(sandbox, host);
  else checkPlan(sandbox, { ...host, action: "" });
  const expected = oracle(host);
  const observed = checkActivation(sandbox, host, expected);
  // The last act of an activation. At boot no systemd answers, and the next run is a switch.
  const tree = observed.tree.copy().link("/run/current-system", GENERATION);
  if (host.systemd === "running")
    checkSecond(sandbox, { ...host, tree, units: observed.units }, expected);
  return observed;
}
