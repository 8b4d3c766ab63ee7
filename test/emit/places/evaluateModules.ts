import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { emitPage } from "../../../src/emit/emitPage.ts";
import type { Case } from "./cases.ts";

/** The part of a module that is a list of definitions, with `mkMerge` and `mkIf` seen through. */
export interface EvaluatedModule {
  readonly parts: readonly Readonly<Record<string, unknown>>[];
  /** Whether the guard still holds in a configuration that has one VM, one name or one letter more. */
  readonly drifted: readonly boolean[];
}

/**
 * Imports every module twice: into the configuration that it was made for, whose names come by way
 * of JSON and so past all quoting, and into ones that differ from it.
 */
const EXPRESSION = `
let
  lib = {
    mkMerge = parts: parts;
    mkIf = condition: content: content;
    optionalAttrs = condition: attrs: if condition then attrs else { };
    versionOlder = a: b: builtins.compareVersions a b == -1;
    trivial.release = "26.05";
    unique = list: list;
    concatStringsSep = builtins.concatStringsSep;
  };
  parts = file: microvm: (import file {
    inherit lib;
    config = {
      systemd.package = "/nix/store/x-systemd";
      microvm = microvm // {
        vms = builtins.listToAttrs (map (name: { inherit name; value = { }; }) microvm.vms);
      };
    };
    options.system.activationScripts = { };
  }).config;
  holds = file: microvm: (builtins.head (builtins.head (parts file microvm)).assertions).assertion;
in
map ({ file, microvm }: {
  parts = parts file microvm;
  drifted = map (change: holds file (microvm // change)) [
    { vms = microvm.vms ++ [ "one more" ]; }
    { autostart = microvm.autostart ++ [ "one more" ]; }
    { stateDir = microvm.stateDir + "x"; }
  ];
}) (builtins.fromJSON (builtins.readFile ./cases.json))
`;

function nixInstantiate(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync("nix-instantiate", args, {
    encoding: "utf8",
    maxBuffer: 1 << 29,
    cwd,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Emits the modules of all cases into a directory and has one Nix evaluate them. */
export function evaluateModules(cases: readonly Case[], directory: string): EvaluatedModule[] {
  const imports = cases.map(({ program, provenance }, index) => {
    const file = join(directory, `${index}.nix`);
    writeFileSync(file, emitPage(program, provenance));
    const { vms, autostart, stateDir } = program;
    return { file, microvm: { vms, autostart, stateDir } };
  });
  writeFileSync(join(directory, "cases.json"), JSON.stringify(imports));
  writeFileSync(join(directory, "all.nix"), EXPRESSION);
  return JSON.parse(nixInstantiate(["--eval", "--strict", "--json", "all.nix"], directory));
}

/** The syntax trees of Nix sources, as one Nix prints them. */
export function syntaxTrees(sources: readonly string[], directory: string): string {
  const files = sources.map((source, index) => {
    writeFileSync(join(directory, `${index}.nix`), source);
    return `${index}.nix`;
  });
  return nixInstantiate(["--parse", ...files], directory);
}
