import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { requireRoot, requireTool } from "../support/require.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a command of the page on the host of the documentation, on which the switch removes `web`. */
function scene(data: string, ...words: readonly string[]) {
  const script = ["test/docs/scene.bash", "templates/microvm-sweep", ...words];
  const { status, stdout } = spawnSync(
    "unshare",
    ["--mount", "--propagation", "private", "bash", ...script],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, SCENE_DATA: data } },
  );
  return { status, stdout };
}

// A mount namespace needs root.
describe.skipIf(requireRoot() ?? requireTool("unshare"))("the pre-switch check", () => {
  const REFUSED =
    "microvm-sweep: error: this switch would stop 1 MicroVMs, and the limit is 0: web\n" +
    "microvm-sweep: to go on, raise the limit, or set NIXOS_NO_CHECK=1 for this one switch\n";

  it.each([
    ["lets a switch through that stops as many as the limit", "1", "switch", 0, ""],
    ["refuses one that would stop more", "0", "switch", 1, REFUSED],
    ["only says so in a dry activation", "0", "dry-activate", 0, REFUSED],
    ["has nothing to say about what stops nothing", "0", "boot", 0, ""],
  ])("%s", (_, limit, action, status, stdout) => {
    expect(scene(`--limit=${limit}`, "plain", "check", "NEW", action)).toEqual({ status, stdout });
  });
});

describe.skipIf(requireRoot() ?? requireTool("unshare"))("a plan with the service backend", () => {
  it("stops nothing, because the service runs when the old units are gone", () => {
    const { stdout } = scene("--backend=service", "plain", "plan", "--system=NEW");
    expect(stdout).toMatch(/^lingering +web +nothing$/mu);
    expect(stdout).toContain("note: still running, and not declared: web;");
  });
});
