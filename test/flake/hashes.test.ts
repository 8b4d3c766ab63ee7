import { describe, expect, it } from "vitest";
import { hashOfLock, installNodeModules, PLATFORMS } from "../../src/build/nodeModules.ts";
import { temporary } from "../cli/support/temporary.ts";
import { HASHES } from "../support/lockedPackages.ts";
import { requireTool } from "../support/require.ts";

const STALE = "npm run update-hash";

describe("the hashes of the packages that the flake fixes", () => {
  it("are of this lock file", () => {
    expect(HASHES.lock, STALE).toBe(hashOfLock());
  });

  it("are there for each system", () => {
    expect(Object.keys(HASHES.development)).toEqual(Object.keys(PLATFORMS));
  });

  it.skipIf(requireTool("nix"))("are what npm installs", () => {
    expect(installNodeModules(temporary(), ["--omit=dev"]).hash, STALE).toBe(HASHES.production);
  });

  it.skipIf(requireTool("nix"))("do not depend on the platform for what is bundled", () => {
    const flags = ["--omit=dev", ...PLATFORMS["aarch64-darwin"]];
    expect(installNodeModules(temporary(), flags).hash).toBe(HASHES.production);
  });
});
