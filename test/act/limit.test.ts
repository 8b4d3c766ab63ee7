import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describedHost } from "../decide/describedHost.ts";
import { GENERATION } from "../oracle/host.ts";
import { dataWords } from "../sandbox/data.ts";
import { requireNamespaces, Sandbox } from "../sandbox/run.ts";
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

describe.skipIf(requireNamespaces())("the pre-switch check of an installer", () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.close());

  // The seed 479383641 of the property test found it.
  it.each(["0", "5"])(
    "lets through what there is, with a limit of %s: no system runs",
    async (limit) => {
      const host = describedHost({
        tree: (tree) => tree.file("/etc/systemd/system.control/microvm@bar.service.d/x.conf"),
      });
      sandbox.layOut(host.tree);
      const words = [
        ...dataWords(host.data),
        `--limit=${limit}`,
        "--",
        "check",
        GENERATION,
        "switch",
      ];
      expect(await sandbox.run("check", words)).toEqual({ status: 0, stdout: "", stderr: "" });
    },
  );
});
