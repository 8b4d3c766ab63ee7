import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emitScript } from "../../src/emit/emitScript.ts";
import { allPolicies, program } from "../support/programs.ts";
import { requireTool } from "../support/require.ts";

/**
 * All optional checks but two. `require-variable-braces` would turn every `$x` into an escape inside
 * of the Nix string, and `check-extra-masked-returns` cannot see that the last line of the one process
 * substitution says whether it succeeded.
 */
const OPTIONAL_CHECKS = [
  "add-default-case",
  "avoid-nullary-conditions",
  "check-set-e-suppressed",
  "check-unassigned-uppercase",
  "deprecate-which",
  "quote-safe-variables",
  "require-double-brackets",
].join(",");

const target = { systemctl: "/run/current-system/sw/bin/systemctl" };

describe("the emitted script", () => {
  let directory: string;
  const files: string[] = [];
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "microvm-sweep-"));
    for (const [index, policy] of allPolicies().entries()) {
      const file = join(directory, `${index}.bash`);
      writeFileSync(file, emitScript(program(policy), target));
      files.push(file);
    }
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it("is Bash under every policy", () => {
    for (const file of files) {
      expect(spawnSync("bash", ["-n", file], { encoding: "utf8" }).stderr).toBe("");
    }
  });

  it.skipIf(requireTool("shellcheck"))("passes shellcheck under every policy", () => {
    const { stdout, stderr } = spawnSync(
      "shellcheck",
      ["--norc", "--shell=bash", `--enable=${OPTIONAL_CHECKS}`, ...files],
      { encoding: "utf8" },
    );
    expect(stdout + stderr).toBe("");
  });

  it("turns no check of shellcheck off", () => {
    expect(emitScript(program(), target)).not.toContain("shellcheck disable");
  });

  it("has no double blank line and no trailing space under any policy", () => {
    for (const policy of allPolicies()) {
      expect(emitScript(program(policy), target)).not.toMatch(/\n\n\n|[ \t]\n/);
    }
  });

  it("holds only the code that the policy can reach", () => {
    const kept = emitScript(program(), target);
    expect(kept).not.toContain("archive");
    expect(kept).not.toContain("quarantine");
    expect(emitScript(program({ state: "archive" }), target)).toContain("$store/archive");
    expect(emitScript(program({ unitFiles: "quarantine" }), target)).toContain("$store/quarantine");
    expect(emitScript(program({ unitFiles: "report" }), target)).not.toContain("rm -rf");
  });

  it("is one subshell, so that nothing leaks", () => {
    const script = emitScript(program(), target);
    expect(script.startsWith("(\n")).toBe(true);
    expect(script.endsWith("\n)\n")).toBe(true);
  });
});
