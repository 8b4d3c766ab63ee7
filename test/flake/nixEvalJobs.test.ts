import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { addProgramTo } from "../cli/support/runCli.ts";
import { temporary } from "../cli/support/temporary.ts";
import { copyExamples, overrides } from "../examples/examples.ts";
import { pathWithStandins } from "../support/nix.ts";
import { requireRoot, requireTool } from "../support/require.ts";

/**
 * A stand-in for nix-eval-jobs, which cannot be fetched: like it, it evaluates each host of --select by itself, and
 * prints a line for each, with an error where Nix has one.
 */
const STANDIN = `#!/usr/bin/env bash
set -eu
while (($# > 0)); do
  case $1 in
    --flake) flake=$2 && shift 2 ;;
    --select) select=$2 && shift 2 ;;
    --apply) apply=$2 && shift 2 ;;
    --no-instantiate) shift ;;
    *) echo "nix-eval-jobs: unknown argument $1" >&2; exit 1 ;;
  esac
done
nix eval --json "$flake" --apply "c: builtins.attrNames (($select) c)" | jq -r '.[]' | while read -r name; do
  job="{ \\"attr\\": \\"$name\\", \\"attrPath\\": [\\"$name\\"] }"
  if value=$(nix eval --json "$flake" --apply "c: ($apply) (($select) c).\\"$name\\"" 2> errors); then
    jq -c --argjson job "$job" '$job + { extraValue: . }' <<< "$value"
  else
    jq -cRs --argjson job "$job" '$job + { error: . }' errors
  fi
done
`;

describe.skipIf(requireRoot() ?? requireTool("nix", "jq"))("expr --for nix-eval-jobs", () => {
  it("gives the pages of the example fleet, and names the one host that throws", () => {
    const cwd = copyExamples({
      file: "hosts/disabled.nix",
      from: /\{\n/,
      to: '{\n  microvm.stateDir = throw "no disk for you";\n',
    });
    const bin = temporary();
    addProgramTo(bin);
    writeFileSync(join(bin, "nix-eval-jobs"), STANDIN, { mode: 0o755 });
    // The stand-ins for the inputs come first: that `nix` takes itself off the PATH.
    const path = pathWithStandins(temporary(), overrides()).replace(
      delimiter,
      `${delimiter}${bin}${delimiter}`,
    );
    const command = `bash -c "$(microvm-sweep expr --for nix-eval-jobs)" > hosts.jsonl &&
      microvm-sweep gen --all --usage hosts.jsonl --usage-format nix-eval-jobs --out-dir pages`;
    const { status, stderr } = spawnSync("bash", ["-c", command], {
      cwd,
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: path,
        NIX_CONFIG: "extra-experimental-features = nix-command flakes",
      },
    });
    expect(status, stderr).toBe(3);
    expect(stderr).toMatch(/MS3103: nix-eval-jobs could not evaluate "disabled": no disk for you/);
    expect(stderr).toContain("4 written, 0 unchanged, 0 removed, 1 failed: disabled\n");
    expect(readdirSync(join(cwd, "pages")).sort()).toEqual([
      ...["default.nix", "imperative.nix", "microvm-sweep", "one-host.nix"],
      ...["removed-module.nix", "state-elsewhere.nix"],
    ]);
  });
});
