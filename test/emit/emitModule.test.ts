import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emitPage } from "../../src/emit/emitPage.ts";
import { emitScript } from "../../src/emit/emitScript.ts";
import { choices } from "../../src/policy/policy.ts";
import { allPolicies, program } from "../support/programs.ts";
import { requireTool } from "../support/require.ts";

const provenance = {
  source: "the flake .",
  command: ["microvm-sweep", "gen", "--flake", ".", "--host", "hyp-01"],
};

/** The variants that differ in their Nix: every backend, and every policy with the default one. */
const variants = [
  ...choices("backend").map((backend) => ({ backend, policy: {} })),
  ...allPolicies().map((policy) => ({ backend: "auto" as const, policy })),
];

let directory: string;
let files: string[];
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "microvm-sweep-"));
  files = variants.map(({ backend, policy }, index) => {
    const file = join(directory, `${index}.nix`);
    writeFileSync(file, emitPage(program(policy), { ...provenance, backend }));
    return file;
  });
});
afterAll(() => rmSync(directory, { recursive: true }));

describe.skipIf(requireTool("nixfmt"))("the emitted module", () => {
  it("is in the format of nixfmt", () => {
    const before = files.map((file) => readFileSync(file, "utf8"));
    const { status, stderr } = spawnSync("nixfmt", files, { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(before);
  });
});

/** What the module needs of lib, with mkMerge and mkIf left to be seen through. */
const LIB = `{
  mkMerge = parts: parts;
  mkIf = condition: content: content;
  optionalAttrs = condition: attrs: if condition then attrs else { };
  versionOlder = a: b: builtins.compareVersions a b == -1;
  trivial.release = "26.05";
  unique = list: list;
  concatStringsSep = builtins.concatStringsSep;
}`;

describe.skipIf(requireTool("nix-instantiate"))("the script in the emitted module", () => {
  it("is the emitted script, with the host's own systemctl", () => {
    const expression = `map (file:
      let
        parts = (import file {
          config.systemd.package = "/nix/store/x-systemd";
          options.system.activationScripts = { };
          lib = ${LIB};
        }).config;
      in
      map (part:
        part.system.activationScripts.microvm-sweep.text or part.systemd.services.microvm-sweep.script or null
      ) parts
    ) [ ${files.join(" ")} ]`;
    const { stdout, stderr } = spawnSync(
      "nix-instantiate",
      ["--eval", "--strict", "--json", "--expr", expression],
      { encoding: "utf8", maxBuffer: 1 << 28 },
    );
    expect(stdout, stderr).not.toBe("");
    const texts: (string | null)[][] = JSON.parse(stdout);
    for (const [index, { policy }] of variants.entries()) {
      const script = emitScript(program(policy), {
        systemctl: "/nix/store/x-systemd/bin/systemctl",
      });
      const found = texts[index]?.filter((text) => text !== null) ?? [];
      expect(found.length).toBeGreaterThan(0);
      for (const text of found) expect(text).toBe(script);
    }
  });
});
