import { expect } from "vitest";
import type { Policy } from "../../../src/policy/policy.ts";
import type { FaultyHost } from "./faultyHost.ts";

/**
 * Expects that a run without a fault, after one that went wrong, ends where one run alone does, and
 * that what has to be left alone still is as it was: `left`.
 */
export function expectCompletion(
  faulty: FaultyHost,
  policy: Partial<Policy>,
  left: string,
  what = "",
): void {
  stopWhatLingers(faulty, policy, what);
  const { status, stdout, stderr } = faulty.activate(policy);
  expect(status, `${what}: ${stdout}${stderr}`).toBe(0);
  const end = faulty.end();
  const after = faulty.left();
  expect(faulty.isReloaded(), `${what}: reloaded`).toBe(true);
  expect(after, what).toBe(left);
  expect(end, what).toBe(faulty.reference(policy).end);
}

/**
 * Where the run ended before it stopped bar and the generation became the current one, nobody can tell
 * bar from a VM that was started by hand since: it is named with the command that stops it.
 */
function stopWhatLingers(faulty: FaultyHost, policy: Partial<Policy>, what: string): void {
  const { host, container } = faulty;
  if (
    !host.runs("bar") ||
    container.must("readlink /run/current-system").trim() !== host.toplevel(2)
  )
    return;
  const { stderr } = faulty.activate(policy);
  if (!host.runs("bar")) return;
  const [, command = "false"] =
    /declared only by an older generation: bar; to stop: (.*)/.exec(stderr) ?? [];
  expect(stderr, what).toContain("still running, declared only by an older generation: bar");
  container.must(command);
}
