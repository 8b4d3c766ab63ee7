import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCli } from "../cli/support/runCli.ts";
import { golden } from "../examples/golden.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const README = read("README.md");

/** The blocks of Nix in the README, in order. */
const BLOCKS = [...README.matchAll(/^```nix\n(.*?)^```$/gmsu)].map(([, text = ""]) => text);

const PAGES = [
  "README.md",
  "examples/README.md",
  "examples/checked/README.md",
  "examples/fleet/README.md",
  "examples/imperative/README.md",
  "examples/one-host/README.md",
  "examples/removed-module/README.md",
  "src/cli/README.md",
  "src/diagnostics/README.md",
  "src/sweep/README.md",
  "src/usage/README.md",
];

/** The lines of a block, as they stand in a file that may have them further in. */
const lines = (text: string) => text.split("\n").map((line) => line.trim());

describe("the README", () => {
  it("shows what the examples have, which other tests run", () => {
    const [live = "", module = "", checked = "", ...others] = BLOCKS;
    const emitted = read("examples/removed-module/microvm-sweep.nix");
    expect(others).toEqual([]);
    expect(live).toBe(read("examples/live/flake.nix"));
    expect(golden(join(ROOT, "README.md"), README.split(module).join(emitted))).toContain(emitted);
    const flake = lines(read("examples/checked/flake.nix")).join("\n");
    expect(flake).toContain(lines(checked).join("\n").trim());
  });

  it("leads with the two commands", () => {
    const commands = README.split("\n").slice(2, 4);
    expect(commands.map((line) => line.trim().split("  ")[0])).toEqual([
      "npm ci && npm start",
      "npm ci && npm test",
    ]);
  });
});

describe.each(PAGES)("%s", (page) => {
  it("links to files that are there", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/gu)].map(
      ([, link = ""]) => link,
    );
    const missing = links.filter((link) => !existsSync(join(ROOT, dirname(page), link)));
    expect(missing).toEqual([]);
  });

  it("gives options that the program has", async () => {
    const commands = [...read(page).matchAll(/microvm-sweep (gen|check|expr|schema) (.*)/gu)];
    const help = new Map<string, string>();
    for (const [, command = "", rest = ""] of commands) {
      if (!help.has(command)) help.set(command, (await runCli([command, "--help"])).stdout);
      const own = rest.split(" -- ")[0] ?? "";
      for (const [flag] of own.matchAll(/(?<![\w-])--[a-z-]+/gu)) {
        expect(help.get(command), `${command} ${flag}`).toContain(flag);
      }
    }
  });
});
