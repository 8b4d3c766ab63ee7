import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readPlans } from "../../src/plan/readPlans.ts";
import { requireRoot, requireTool } from "../support/require.ts";
import { plan, vm } from "./plans.ts";

/** Reads texts as the files `a.json`, `b.json` and so on. */
function read(...texts: readonly string[]) {
  const files = texts.map((text, index) => ({
    file: `${"abcdef"[index]}.json`,
    bytes: new TextEncoder().encode(text),
  }));
  return readPlans(files, "0.3.0");
}

/** Each error as `file:line code pointer`. */
function errors(...texts: readonly string[]): string[] {
  return read(...texts).diagnostics.map(
    ({ file, position, code, pointer }) => `${file}:${position?.line} ${code} ${pointer}`,
  );
}

const text = (host: string, changes: object = {}) =>
  JSON.stringify({ ...plan(host), ...changes }, null, 2);

it("reads the plans in the order of their files", () => {
  const plans = [plan("hyp-02", { vms: [vm("fw")] }), plan("hyp-01")];
  const result = read(...plans.map((one) => JSON.stringify(one)));
  expect(result.diagnostics).toEqual([]);
  expect(JSON.parse(JSON.stringify(result.plans))).toEqual(plans);
});

describe("a file that is no plan", () => {
  it.each([
    ["is empty", "", ["a.json:1 MS1001 "]],
    ["is cut off", '{\n"host"', ["a.json:2 MS1003 "]],
    ["is what ssh says", "Permission denied (publickey).", ["a.json:1 MS1002 "]],
    ["holds two plans", `${text("a")}\n${text("b")}`, ["a.json:17 MS1002 "]],
    ["lacks keys", '{ "schemaVersion": 2 }', ["a.json:1 MS1103 "]],
    ["has a value of another type", text("a", { stop: "bar" }), ["a.json:9 MS1104 /stop"]],
    ["has a date without a day", text("a", { made: "2026-11" }), ["a.json:6 MS1106 /made"]],
    [
      "has a date of no calendar",
      text("a", { made: "2026-13-41T22:11:00Z" }),
      ["a.json:6 MS1106 /made"],
    ],
    [
      "has an unknown verdict",
      text("a", { vms: [vm("x"), { ...vm("y"), verdict: "lost" }] }),
      ["a.json:17 MS1105 /vms/1/verdict"],
    ],
  ])("%s", (_, input, expected) => {
    expect(errors(input)).toEqual(expected);
  });

  it("says how to get it right", () => {
    const [syntax] = read("Permission denied").diagnostics;
    expect(syntax?.hint).toContain("a file holds one plan");
    const [shape] = read(text("a", { stop: "bar" })).diagnostics;
    expect(shape?.hint).toBe("create it again with sweep-microvms plan --json");
  });

  it("leaves no plan, and the errors of all files are there", () => {
    expect(read(text("a"), "", "[]").plans).toEqual([]);
    expect(errors(text("a"), "", "[]")).toEqual(["b.json:1 MS1001 ", "c.json:1 MS1104 "]);
  });
});

describe("a plan of another version", () => {
  it.each([
    [3, "use a release of microvm-sweep newer than 0.3.0"],
    [1, "switch the host to release 0.3.0, and create it again with"],
    [0, "switch the host to release 0.3.0, and create it again with"],
  ])("%d has one error, whatever else is in it", (schemaVersion, hint) => {
    const input = text("a", { schemaVersion, vms: {}, more: true });
    expect(errors(input)).toEqual(["a.json:2 MS1101 /schemaVersion"]);
    expect(read(input).diagnostics[0]?.hint).toContain(hint);
  });
});

it("names the release that wrote a plan of version 1", () => {
  const [found] = read(text("a", { schemaVersion: 1 })).diagnostics;
  expect(found?.message).toBe(
    "microvm-sweep 0.3.0 reads plans of schema version 2, and this one has version 1, which releases 0.2.0 and earlier write",
  );
});

it("names the file that has a plan of the host already", () => {
  const inputs = [text("hyp-01"), text("hyp-02"), text("hyp-01")];
  expect(errors(...inputs)).toEqual(["c.json:4 MS1401 /host"]);
  const [found] = read(...inputs).diagnostics;
  expect(found?.message).toBe('a.json has a plan of "hyp-01" too');
  // Two hosts without a name of their own are one name to the live module.
  expect(found?.hint).toContain("networking.hostName");
});

// A mount namespace needs root.
describe.skipIf(requireRoot() ?? requireTool("unshare"))("the program", () => {
  it.each(["year", "removed"])("prints a plan that can be read (%s)", (scene) => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const script = "test/docs/scene.bash templates/microvm-sweep";
    const words = `unshare --mount --propagation private bash ${script} ${scene} plan --json --system=NEW`;
    const { stdout } = spawnSync("bash", ["-c", words], { cwd: root, encoding: "utf8" });
    const { plans, diagnostics } = read(stdout);
    expect(diagnostics).toEqual([]);
    expect(plans[0]?.vms.map(({ name, verdict }) => `${name} ${verdict}`)).toContain("web orphan");
  });
});
