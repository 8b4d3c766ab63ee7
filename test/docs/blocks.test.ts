import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROGRAM, runCli } from "../cli/support/runCli.ts";
import { type Block, blocksOf, PAGES, ROOT } from "./pages.ts";

const BLOCKS = PAGES.flatMap(blocksOf);
const SWEEP = readFileSync(join(ROOT, "templates/microvm-sweep.bash"), "utf8");

/** The blocks in a language, each with a name for the report. */
function blocksIn(...languages: string[]): [string, Block][] {
  return BLOCKS.filter(({ language }) => languages.includes(language)).map((block) => [
    `${block.page}:${block.line}`,
    block,
  ]);
}

/** A block as one line a command: what a backslash continues is joined. */
function commandsOf({ text }: Block): string[] {
  return text.replaceAll(/\\\n\s*/gu, " ").split("\n");
}

const scratch = mkdtempSync(join(tmpdir(), "microvm-sweep-docs-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(blocksIn("sh", "sh host"))("the commands at %s", (_, block) => {
  it("are Bash", () => {
    const { stderr } = spawnSync("bash", ["-n"], { input: block.text, encoding: "utf8" });
    expect(stderr).toBe("");
  });

  it("give microvm-sweep options that it has", async () => {
    for (const line of commandsOf(block)) {
      const [, command, rest = ""] =
        /(?:microvm-sweep |#)(gen|check|expr|schema)\b(.*)/u.exec(line) ?? [];
      if (command === undefined) continue;
      const help = await runCli([command, "--help"]);
      const own = rest.replace(/^ -- /u, " ").split(/ -- |\|/u)[0] ?? "";
      for (const [flag] of own.matchAll(/(?<![\w-])--[a-z-]+/gu)) {
        expect(help.stdout.includes(flag), `${command} ${flag}`).toBe(true);
      }
    }
  });

  it("ask the journal for the message that the program writes", () => {
    for (const [, id = ""] of block.text.matchAll(/MESSAGE_ID=(\w+)/gu)) {
      expect(SWEEP.includes(`message_id=${id}\n`), id).toBe(true);
    }
  });

  it("give sweep-microvms subcommands and options that it has", () => {
    for (const line of commandsOf(block)) {
      const [, command, rest = ""] = /sweep-microvms ([a-z]+)([^|>]*)/u.exec(line) ?? [];
      if (command === undefined) continue;
      expect(["plan", "explain", "run"]).toContain(command);
      for (const [flag] of rest.matchAll(/--[a-z-]+/gu))
        expect(SWEEP.includes(flag), flag).toBe(true);
    }
  });
});

/**
 * A nix that answers `eval` with the usage recorded of the fleet, and `run` of our flake with the built
 * program. Evaluating the examples with the real one is what the tests of the examples do.
 */
const NIX = `#!/usr/bin/env bash
if [[ $1 == --version ]]; then echo "nix (Nix) 2.18.1"; exit; fi
if [[ $1 == run ]]; then shift 3; exec microvm-sweep gen "$@"; fi
exec cat "${ROOT}/examples/fleet/usage.json"
`;

/** A directory with the examples' fleet under git, and a PATH that has the two programs. */
function workplace(): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = mkdtempSync(join(scratch, "flake-"));
  cpSync(join(ROOT, "examples/fleet"), cwd, { recursive: true });
  cpSync(join(ROOT, "examples/fleet/hyp-01.nix"), join(cwd, "microvm-sweep.nix"));
  spawnSync("git", ["init", "--quiet"], { cwd });
  return { cwd, env: { ...process.env, PATH: `${scratch}/bin:${process.env["PATH"]}` } };
}

beforeAll(() => {
  const bin = join(scratch, "bin");
  cpSync(dirname(PROGRAM), bin, { recursive: true });
  writeFileSync(join(bin, "nix"), NIX);
  writeFileSync(join(bin, "microvm-sweep"), `#!/bin/sh\nexec node "${PROGRAM}" "$@"\n`);
  for (const program of ["nix", "microvm-sweep"]) chmodSync(join(bin, program), 0o755);
});

describe.each(blocksIn("sh"))("the commands at %s", (_, block) => {
  it("run in the flake of the fleet", () => {
    const { cwd, env } = workplace();
    const script = `set -eo pipefail\n${block.text}`;
    const { status, stderr } = spawnSync("bash", ["-c", script], { cwd, env, encoding: "utf8" });
    // `check` ends with 1 where the file is out of date: that of the example has another name here.
    const expected = block.text.includes("microvm-sweep check") ? [0, 1] : [0];
    expect(expected, stderr).toContain(status);
  });
});

describe.each(blocksIn("json"))("the JSON at %s", (_, { text }) => {
  it("is JSON", () => {
    expect(() => JSON.parse(text)).not.toThrow();
  });
});

/** What a flake or a NixOS module has in scope where a piece of one is shown. */
const SCOPE =
  "{ config, hosts, inputs, lib, member, microvm-sweep, nixpkgs, options, pkgs, self, ... }:";

describe.each(blocksIn("nix"))("the Nix at %s", (_, { text }) => {
  it("is an expression, or attributes of one", () => {
    const parse = (input: string) =>
      spawnSync("nix-instantiate", ["--parse", "-"], { input, encoding: "utf8" });
    const whole = parse(`${SCOPE} ${text}`);
    const { status, stderr } = whole.status === 0 ? whole : parse(`${SCOPE} {\n${text}}`);
    expect(status, stderr).toBe(0);
  });
});
