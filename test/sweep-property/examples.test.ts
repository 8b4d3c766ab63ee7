import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireRoot, requireTool } from "../support/require.ts";
import { checkHost } from "./check.ts";
import { describedHost } from "./describedHost.ts";
import { FILES } from "./examples/files.ts";
import { STATES } from "./examples/state.ts";
import { VMS } from "./examples/vms.ts";
import { Sandbox } from "./run.ts";

let sandbox: Sandbox;

describe.skipIf(requireRoot() ?? requireTool("unshare"))("on hosts that are rare", () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.remove());

  it.each(Object.entries({ ...VMS, ...STATES, ...FILES }))(
    "%s",
    (_name, { gone, calls, ...description }) => {
      const host = describedHost(description);
      const { tree, log } = checkHost(sandbox, host);
      const missing = host.tree
        .entries()
        .filter(([path, { kind }]) => kind !== "directory" && !tree.has(path))
        .map(([path]) => path)
        .filter((path) => !path.startsWith("/run/microvm-sweep/"));
      expect(missing).toEqual([...gone].sort());
      expect([...log].sort()).toEqual(calls);
    },
  );
});
