import { type DescribedHost, GENERATION } from "../oracle/host.ts";
import { type Expected, oracle } from "../oracle/oracle.ts";
import { checkPlan } from "./checkPlan.ts";
import { expectedView, observedView, showHost } from "./compare.ts";
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

/** The second run: nothing is left to do, unless the first failed or a VM runs again. */
function checkSecond(sandbox: Sandbox, host: DescribedHost, first: Expected): void {
  const expected = oracle(host);
  const { stdout } = checkActivation(sandbox, host, expected);
  if (!first.failed && !first.revived) same(stdout, "", showHost(host));
}

/**
 * Compares a plan, a dry run, a real one and a second one with the oracle.
 *
 * @returns what the real run did
 */
export function checkHost(sandbox: Sandbox, host: DescribedHost): Observed {
  const isSwitch = host.action === "switch";
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
