import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireRoot, requireTool } from "../support/require.ts";
import { checkHost } from "./check.ts";
import { describedHost } from "./describedHost.ts";
import { HOSTS } from "./hosts.ts";
import { Sandbox, SHELLS } from "./run.ts";

let sandbox: Sandbox;
const cases = SHELLS.flatMap((shell) =>
  Object.entries(HOSTS).map(([name, example]) => ({ shell, name, example })),
);

describe.skipIf(requireRoot() ?? requireTool("unshare"))("on hosts that are rare", () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox.remove());

  it.each(cases)("$name ($shell shell)", ({ shell, example }) => {
    const host = describedHost(example);
    const { tree, log } = checkHost(sandbox, shell, host);
    const gone = host.tree
      .entries()
      .filter(([path, { kind }]) => kind !== "directory" && !tree.has(path))
      .map(([path]) => path);
    expect(gone).toEqual([...example.gone].sort());
    expect([...log].sort()).toEqual(example.calls);
  });

  it("records are root's alone, whatever the umask was", () => {
    sandbox.run(describedHost({ tree: () => {}, vms: ["fw"] }), "odd");
    const modes = ["run/microvm-sweep", "run/microvm-sweep/declared"].map(
      (path) => statSync(join(sandbox.root, path)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600]);
  });
});
