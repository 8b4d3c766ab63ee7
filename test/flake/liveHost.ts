import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporary } from "../cli/support/temporary.ts";
import { EXAMPLES_DIRECTORY } from "../examples/examples.ts";
import { type NixRun, nix, nixJson, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { SYSTEM } from "./system.ts";

/** Nix: what the live module comes to in hyp-01. */
const SUMMARY = `configurations: let inherit (configurations.hyp-01) config; in {
  activation = config.system.activationScripts.microvm-sweep or null;
  users = config.system.activationScripts.users or null;
  check = config.system.preSwitchChecks.microvm-sweep or null;
  service = config.systemd.services.microvm-sweep.script or null;
  commands = map toString config.environment.systemPackages;
  failed = map (item: item.message) (builtins.filter (item: !item.assertion) config.assertions);
  inherit (config) warnings;
}`;

export interface Summary {
  readonly activation: {
    readonly text: string;
    readonly deps: readonly string[];
    readonly supportsDryActivation: boolean;
  } | null;
  readonly users: unknown;
  readonly check: string | null;
  readonly service: string | null;
  readonly commands: readonly string[];
  readonly failed: readonly string[];
  readonly warnings: readonly string[];
}

/** What a host has that the template has not. */
export interface LiveHostChange {
  /** More lines of configuration. */
  readonly lines?: string;
  /** Whether its flake imports the host module of microvm.nix; it does by default. */
  readonly hostModule?: boolean;
  /** More modules, as the flake lists them. */
  readonly modules?: string;
}

/** A copy of the template of our flake, on which the live module is tried. */
export class LiveHost {
  readonly directory = join(temporary(), "live");
  private readonly overrides = { ...STANDIN, "microvm-sweep": ourFlake() };

  constructor({ lines = "", hostModule = true, modules = "" }: LiveHostChange) {
    cpSync(join(EXAMPLES_DIRECTORY, "live"), this.directory, { recursive: true });
    const vm = /^ *microvm\.vms\..*\n/mu;
    this.edit("configuration.nix", (text) =>
      (hostModule ? text : text.replace(vm, "")).replace(/\}\s*$/u, `${lines}\n}\n`),
    );
    const host = "microvm.nixosModules.host";
    this.edit("flake.nix", (text) => text.replace(host, `${hostModule ? host : ""} ${modules}`));
  }

  /** What the module comes to, evaluated and not built. */
  async summary(): Promise<Summary> {
    const args = ["eval", ".#nixosConfigurations", "--apply", SUMMARY];
    return (await nixJson(this.directory, args, this.overrides)) as Summary;
  }

  /** Builds a value of the configuration. */
  build(value: string, link: string): Promise<NixRun> {
    const attribute = `.#nixosConfigurations.hyp-01.config.${value}`;
    return nix(this.directory, ["build", attribute, "--out-link", link], this.overrides);
  }

  private edit(file: string, change: (text: string) => string): void {
    const path = join(this.directory, file);
    const text = change(readFileSync(path, "utf8"));
    writeFileSync(path, text.replaceAll("x86_64-linux", SYSTEM));
  }
}
