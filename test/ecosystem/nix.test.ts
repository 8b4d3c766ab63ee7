import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { requireTool } from "../support/require.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe.skipIf(requireTool("deadnix", "git"))("the Nix of the repository", () => {
  it("has nothing that is not used (deadnix)", () => {
    const files = spawnSync("git", ["ls-files", "*.nix"], { cwd: root, encoding: "utf8" }).stdout;
    const names = files.split("\n").filter(Boolean);
    expect(names).toContain("flake.nix");
    const { status, stdout } = spawnSync("deadnix", ["--fail", ...names], {
      cwd: root,
      encoding: "utf8",
    });
    expect(status, stdout).toBe(0);
  });
});
