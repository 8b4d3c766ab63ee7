import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProgramTo, runCli } from "../cli/support/runCli.ts";
import { NOT_RUN, notRun, SCENES, sceneOf } from "../systemd/docs/scenes.ts";
import { type Block, blocksOf, PAGES, PARTS, ROOT, read } from "./pages.ts";

const BLOCKS = PAGES.flatMap(blocksOf);
/** What the parts of the program say, one after the other. */
const SWEEP = PARTS.map((part) => read(`templates/microvm-sweep/${part}.bash`)).join("");

/** The blocks in a language, each with a name for the report. */
function blocksIn(...languages: string[]): [string, Block][] {
  return BLOCKS.filter(({ language }) => languages.includes(language)).map((block) => [
    `${block.page}:${block.line}`,
    block,
  ]);
}

const scratch = mkdtempSync(join(tmpdir(), "microvm-sweep-docs-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The calls of a program in the shown commands, each with its place: the subcommand and the words after it. */
function callsOf(pattern: RegExp): [string, string, string][] {
  return blocksIn("sh", "sh host").flatMap(([place, { text }]) =>
    // What a backslash continues is one command.
    [...text.replaceAll(/\\\n\s*/gu, " ").matchAll(pattern)].map(
      ([, command = "", rest = ""]): [string, string, string] => [place, command, rest],
    ),
  );
}

const flagsIn = (text: string) => [...text.matchAll(/(?<![\w-])--[a-z-]+/gu)].map(String);

describe("the shown commands", () => {
  it.each(blocksIn("sh", "sh host"))("at %s are Bash", (_, { text }) => {
    const { stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
    expect(stderr).toBe("");
  });

  it.each(callsOf(/(?:microvm-sweep |#)(gen|check|expr|schema|report|completion)\b(.*)/gu))(
    "at %s give microvm-sweep %s options that it has:%s",
    async (_, command, rest) => {
      const own = rest.replace(/^ -- /u, " ").split(/ -- |\|/u)[0] ?? "";
      const { stdout } = await runCli([command, "--help"]);
      expect(flagsIn(own).filter((flag) => !stdout.includes(flag))).toEqual([]);
    },
  );

  it.each(callsOf(/sweep-microvms ([a-z]+)([^|>\n]*)/gu))(
    "at %s give sweep-microvms %s options that it has:%s",
    (_, command, rest) => {
      expect(["plan", "explain", "run", "archive", "delete"]).toContain(command);
      expect(flagsIn(rest).filter((flag) => !SWEEP.includes(flag))).toEqual([]);
    },
  );

  it("ask the journal for the message that the program writes", () => {
    const [[, id = ""] = []] = callsOf(/(journalctl) .*MESSAGE_ID=(\w+)/gu).map((c) => c.slice(1));
    expect(SWEEP).toContain(`message_id=${id}\n`);
  });
});

describe("the commands that need a host", () => {
  const blocks = blocksIn("sh host").map(([, block]) => block);

  it.each(blocksIn("sh host"))(
    "at %s run in test/systemd/docs, or a reason says why not",
    (_, block) => {
      const ways = [sceneOf(block) !== undefined, notRun(block).length > 0];
      const what =
        "put its first line into a scene of test/systemd/docs, or into NOT_RUN of its scenes.ts, not both";
      expect(ways.filter(Boolean), what).toHaveLength(1);
    },
  );

  it("are all that have a scene or a reason", () => {
    expect(SCENES.filter((scene) => !blocks.some((block) => sceneOf(block) === scene))).toEqual([]);
    const excused = blocks.flatMap(notRun);
    expect(NOT_RUN.filter((entry) => !excused.includes(entry))).toEqual([]);
  });
});

/**
 * A nix that answers `eval` with the usage recorded of the fleet, and `run` of our flake with the built
 * program. Evaluating the examples with the real one is what the tests of the examples do.
 */
const NIX = `#!/usr/bin/env bash
if [[ $1 == --version ]]; then echo "nix (Nix) 2.18.1"; exit; fi
if [[ $1 == run ]]; then shift 3; exec microvm-sweep gen "$@"; fi
exec cat "${scratch}/usage.json"
`;

/** A directory with the fleet under git, with its usage and a current page, and a PATH that has the two programs. */
function workplace(): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = mkdtempSync(join(scratch, "flake-"));
  const env = { ...process.env, PATH: `${scratch}/bin:${process.env["PATH"]}` };
  cpSync(join(scratch, "usage.json"), join(cwd, "usage.json"));
  const script = `git init --quiet
    microvm-sweep gen --usage usage.json --host hyp-01 --out microvm-sweep.nix`;
  const { status, stderr } = spawnSync("bash", ["-ec", script], { cwd, env, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return { cwd, env };
}

beforeAll(() => {
  const bin = join(scratch, "bin");
  mkdirSync(bin);
  const { hosts } = JSON.parse(readFileSync(join(ROOT, "examples/usage.json"), "utf8"));
  const fleet = {
    "hyp-01": hosts["one-host"],
    "hyp-02": hosts.disabled,
    "hyp-03": hosts["removed-module"],
  };
  writeFileSync(join(scratch, "usage.json"), JSON.stringify({ schemaVersion: 1, hosts: fleet }));
  writeFileSync(join(bin, "nix"), NIX, { mode: 0o755 });
  addProgramTo(bin);
});

describe("the commands that need no NixOS host", () => {
  it.each(blocksIn("sh"))("at %s run in the flake of the fleet", (_, block) => {
    const { cwd, env } = workplace();
    const script = `set -eo pipefail\n${block.text}`;
    const { status, stderr } = spawnSync("bash", ["-c", script], { cwd, env, encoding: "utf8" });
    expect(status, stderr).toBe(0);
  });
});

describe("the hook for git-hooks.nix", () => {
  const [[, block] = []] = blocksIn("nix").filter(([, { text }]) =>
    text.includes("pass_filenames"),
  );

  /** What the shown attributes are in Nix, with our package as the name of the program. */
  function hook(): { readonly entry: string; readonly files: string } {
    const input = `let
      lib.getExe = package: package;
      microvm-sweep.packages.x86_64-linux.default = "microvm-sweep";
      shown = {\n${block?.text}};
    in shown.hooks.microvm-sweep`;
    const words = ["--eval", "--strict", "--json", "-"];
    const { status, stdout, stderr } = spawnSync("nix-instantiate", words, {
      input,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  }

  it("passes where the pages are current, and fails with their names where they are not", () => {
    const { cwd, env } = workplace();
    const run = (command: string) =>
      spawnSync("bash", ["-c", command], { cwd, env, encoding: "utf8" });
    const { entry } = hook();
    expect(run("microvm-sweep gen --all --flake . --out-dir sweep").status).toBe(0);
    expect(run(entry)).toMatchObject({ status: 0, stdout: "" });
    expect(run("sed -i 's/--vm=/--vm=other-/' sweep/hyp-01.nix").status).toBe(0);
    expect(run(entry)).toMatchObject({ status: 1, stdout: "hyp-01: was edited\n" });
  });

  it("runs for what a page depends on", () => {
    const { files } = hook();
    const changed = ["sweep/hyp-01.nix", "sweep/microvm-sweep/act.bash", "flake.lock", "README.md"];
    expect(changed.filter((file) => new RegExp(files, "u").test(file))).toEqual(
      changed.slice(0, 3),
    );
  });
});

describe("the shown JSON", () => {
  it.each(blocksIn("json"))("at %s is JSON", (_, { text }) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });
});

/** What a flake or a NixOS module has in scope where a piece of one is shown. */
const SCOPE =
  "{ config, hosts, inputs, lib, member, microvm-sweep, nixpkgs, options, pkgs, self, ... }:";

describe("the shown Nix", () => {
  it.each(blocksIn("nix"))("at %s is an expression, or attributes of one", (_, { text }) => {
    const parse = (input: string) =>
      spawnSync("nix-instantiate", ["--parse", "-"], { input, encoding: "utf8" });
    const whole = parse(`${SCOPE} ${text}`);
    const { status, stderr } = whole.status === 0 ? whole : parse(`${SCOPE} {\n${text}}`);
    expect(status, stderr).toBe(0);
  });
});
