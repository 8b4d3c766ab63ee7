import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Policy } from "../../src/policy/policy.ts";
import { requireContainer, requireTool } from "../support/require.ts";
import { Container, type Result } from "./container.ts";
import {
  DIRECTORIES,
  entries,
  fill,
  inodes,
  LINKS,
  NO_DIRECTORIES,
  ODD_NAMES,
} from "./hostile/fill.ts";
import { HostileHost } from "./hostile/hostileHost.ts";
import { SUITES } from "./root.ts";

const needs = requireContainer(SUITES.oldest) ?? requireTool("inotifywait");

const REMOVED = [...DIRECTORIES, ...LINKS, ...NO_DIRECTORIES];
const STARTED = ["fifo", "link-root", "tree"];

describe.skipIf(needs)("a hostile state directory", () => {
  let container: Container;
  let hostile: HostileHost;
  let before: readonly string[];
  let filled: readonly string[];
  beforeAll(async () => {
    container = await Container.boot(SUITES.oldest);
    hostile = new HostileHost(container);
  });
  afterAll(() => container?.stop());
  beforeEach(() => {
    hostile.reset(REMOVED);
    fill(container);
    hostile.host.start(...STARTED);
    before = entries(container);
    filled = inodes(container);
  });

  /** A switch that does nothing outside the state directory. */
  async function harmless(policy: Partial<Policy>): Promise<Result> {
    const results: Result[] = [];
    const outside = await hostile.watch(() => results.push(hostile.switch(policy)));
    expect(outside).toEqual({ events: [], unchanged: true });
    expect(container.must("find / -xdev -maxdepth 3 -name owned")).toBe("");
    const [result] = results as [Result];
    // No byte of a name that a terminal would take for a command.
    expect(result.stdout + result.stderr).toMatch(/^[\x20-\x7e\n]*$/);
    for (const name of STARTED) {
      expect(hostile.host.isActive(`microvm@${name}.service`)).toBe(false);
    }
    return result;
  }

  /** The names that are gone from the state directory. */
  function gone(): readonly string[] {
    const left = entries(container);
    expect(before).toEqual(expect.arrayContaining([...left]));
    return before.filter((name) => !left.includes(name));
  }

  const MOVED = [...DIRECTORIES, ...ODD_NAMES].map((name) => name.replaceAll("\\", "\\\\")).sort();
  const REFUSED = LINKS.map(
    (name) =>
      `microvm-sweep: error: /var/lib/microvms/${name} is a symbolic link, which is not followed`,
  );

  /** Lines in an order that does not depend on what systemd lists first. */
  function lines(text: string): readonly string[] {
    return text.split("\n").slice(0, -1).sort();
  }

  it("keep: nothing in it changes", async () => {
    const { status, stdout, stderr } = await harmless({});
    expect(status).toBe(0);
    expect(stdout).toBe("stopping orphaned MicroVMs: fifo, link-root, tree\n");
    const [, kept = ""] = /^microvm-sweep: state directories kept: (.*)\n$/.exec(stderr) ?? [];
    const paths = [...DIRECTORIES, ...LINKS].map((name) => `/var/lib/microvms/${name}`);
    expect(kept.split(", ").sort()).toEqual(paths.sort());
    expect(inodes(container)).toEqual(filled);
  });

  it("archive: directories move whole, nothing in them is read, all else stays", async () => {
    const { status, stdout, stderr } = await harmless({ state: "archive" });
    expect([status, lines(stderr)]).toEqual([1, REFUSED]);
    expect(stdout).toContain(" -rf -> /var/lib/microvm-sweep/archive/-rf-2");
    expect(gone()).toEqual(MOVED);
    expect(inodes(container)).toEqual(filled);
    const archived = entries(container, "/var/lib/microvm-sweep/archive");
    expect(archived.map((name) => name.replace(/-\d{8}T\d{6}Z$/, "")).sort()).toEqual(MOVED);
  });

  it("delete: directories go whole, links and all else stay", async () => {
    const stateDelete = [...REMOVED, ...ODD_NAMES];
    const { status, stderr } = await harmless({ state: "delete", stateDelete });
    expect([status, lines(stderr)]).toEqual([1, REFUSED]);
    expect(gone()).toEqual(MOVED);
    expect(container.must("ls -A /var/lib")).not.toContain("microvm-sweep");
  });

  it("delete without a name: nothing in it changes", async () => {
    const { status, stderr } = await harmless({ state: "delete" });
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/^microvm-sweep: state directories kept: .*\n$/),
    ]);
    expect(inodes(container)).toEqual(filled);
  });

  it("no unit is called but those of the VMs that stop", async () => {
    const stateDelete = [...REMOVED, ...ODD_NAMES];
    await harmless({ state: "delete", stateDelete });
    const calls = hostile.changes();
    expect(calls[0]).toMatch(/^stop /);
    expect(calls.length).toBeLessThanOrEqual(2);
    const units = `(?: (?:m|\\[m\\])icrovm(?:-[a-z-]+)?@(?:${STARTED.join("|")})\\.service)+`;
    for (const call of calls)
      expect(call).toMatch(RegExp(`^(stop --quiet|reset-failed) --${units}$`));
  });
});
