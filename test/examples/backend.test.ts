import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporary } from "../cli/support/temporary.ts";
import { nixJson, STANDIN, standinNixpkgs } from "../support/nix.ts";
import { requireTool } from "../support/require.ts";
import { copyExample } from "./copyExample.ts";
import { EXAMPLES } from "./examples.ts";

/** Nix: which of the two the module has become in hyp-01, and with what. */
const BACKEND = `configurations: let inherit (configurations.hyp-01) config; in {
  activation = config.system.activationScripts.microvm-sweep.text or null;
  service =
    let service = config.systemd.services.microvm-sweep or null; in
    if service == null then null else {
      inherit (service) script wantedBy;
      inherit (service.serviceConfig) Type RemainAfterExit;
    };
  toplevel = builtins.isString config.system.build.toplevel.drvPath;
}`;

interface Backend {
  readonly activation: string | null;
  readonly service: { readonly script: string } | null;
  readonly toplevel: boolean;
}

/** Evaluates a copy of the example with one more line in its configuration. */
async function backend(line: string, nixpkgs: string = STANDIN.nixpkgs): Promise<Backend> {
  const example = EXAMPLES.find(({ name }) => name === "imperative");
  if (example === undefined) throw new Error("no such example");
  const directory = copyExample(example);
  const file = join(directory, "configuration.nix");
  writeFileSync(file, readFileSync(file, "utf8").replace("networking.", `${line}\n  networking.`));
  const args = ["eval", ".#nixosConfigurations", "--apply", BACKEND];
  return (await nixJson(directory, args, { ...STANDIN, nixpkgs })) as Backend;
}

const SERVICE = { wantedBy: ["multi-user.target"], Type: "oneshot", RemainAfterExit: true };

describe.skipIf(requireTool("nix"))("the module of an example", () => {
  it("is an activation script where NixOS has them", async () => {
    const { activation, service, toplevel } = await backend("");
    expect(activation).toContain("vms=(fw)\n");
    expect(service).toBeNull();
    expect(toplevel).toBe(true);
  });

  it.each([
    { what: "lacks activation scripts", line: 'disabledModules = [ "activation-script.nix" ];' },
    { what: "runs no activation scripts", line: "system.activatable = false;" },
  ])("is a service with the same script where NixOS $what", async ({ line }) => {
    const [without, usual] = await Promise.all([backend(line), backend("")]);
    expect(without.activation).toBeNull();
    expect(without.service).toEqual({ ...SERVICE, script: usual.activation });
    expect(without.toplevel).toBe(true);
  });

  it("is a service from NixOS 26.11 on, which deprecates activation scripts", async () => {
    const before = standinNixpkgs(temporary(), { release: "26.05" });
    const after = standinNixpkgs(temporary(), { release: "26.11" });
    const usual = await backend("", before);
    expect(usual.service).toBeNull();
    const { activation, service } = await backend("", after);
    expect(activation).toBeNull();
    expect(service).toEqual({ ...SERVICE, script: usual.activation });
  });
});
