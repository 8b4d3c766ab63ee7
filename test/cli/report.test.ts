import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { plan, vm } from "../plan/plans.ts";
import { runCli } from "./support/runCli.ts";
import { temporary } from "./support/temporary.ts";

/** A directory with the plans of two hosts, and a file that is no plan. */
function plans(): string {
  const cwd = temporary();
  const host = (name: string) => JSON.stringify(plan(name, { vms: [vm("fw")] }));
  writeFileSync(join(cwd, "a.json"), host("hyp-01"));
  writeFileSync(join(cwd, "b.json"), host("hyp-02"));
  writeFileSync(join(cwd, "bad.json"), "Permission denied (publickey).\n");
  return cwd;
}

it("writes the page of all plans", async () => {
  const cwd = plans();
  const words = ["report", "a.json", "b.json", "--out", "report.html"];
  expect(await runCli(words, { cwd })).toEqual({
    status: 0,
    stdout: "",
    stderr: "wrote report.html\n",
  });
  expect(readFileSync(join(cwd, "report.html"), "utf8")).toMatch(/changes nothing on 2 hosts/);
});

it("writes the same page again where the date is given", async () => {
  const cwd = plans();
  const words = ["report", "a.json", "b.json", "--out", "report.html"];
  const env = { SOURCE_DATE_EPOCH: "1795904000" };
  await runCli(words, { cwd, env });
  expect((await runCli(words, { cwd, env })).stderr).toBe("report.html is up to date\n");
  expect(readFileSync(join(cwd, "report.html"), "utf8")).toContain(
    'Report of <time datetime="2026-11-2',
  );
});

it("prints the page where no file is named", async () => {
  const { status, stdout, stderr } = await runCli(["report", "a.json"], { cwd: plans() });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

it.each([
  [["a.json", "bad.json"], "bad.json:1:1: error MS1002"],
  [["a.json", "none.json"], "none.json: error MS3002"],
  [["a.json", "a.json"], "a.json:1:45: error MS1401"],
  [[], "error MS3001"],
])("writes nothing for %j", async (files, error) => {
  const cwd = plans();
  const { status, stderr } = await runCli(["report", ...files, "--out", "x.html"], { cwd });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(error) });
  expect(existsSync(join(cwd, "x.html"))).toBe(false);
});
