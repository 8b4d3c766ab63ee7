import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "../cli/support/runCli.ts";
import { temporary } from "../cli/support/temporary.ts";
import { EXAMPLES_DIRECTORY } from "../examples/examples.ts";
import { nix, nixJson, pathWithStandins, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { standins } from "./standins.ts";
import { SYSTEM } from "./system.ts";

/** Nix: what the live module comes to in hyp-01. */
const SUMMARY = `configurations: let inherit (configurations.hyp-01) config; in {
  activation = config.system.activationScripts.microvm-sweep or null;
  service = config.systemd.services.microvm-sweep.script or null;
  script = builtins.unsafeDiscardStringContext "\${config.services.microvm-sweep.script}";
  failed = map (item: item.message) (builtins.filter (item: !item.assertion) config.assertions);
}`;

export interface Summary {
  readonly activation: {
    readonly text: string;
    readonly deps: readonly string[];
    readonly supportsDryActivation: boolean;
  } | null;
  readonly service: string | null;
  readonly script: string;
  readonly failed: readonly string[];
}

/** What a host has that the template has not. */
export interface LiveHostChange {
  /** More lines of configuration. */
  readonly lines?: string;
  /** Whether its flake imports the host module of microvm.nix; it does by default. */
  readonly hostModule?: boolean;
  /** More modules, as the flake lists them. */
  readonly modules?: string;
  /** The flake that takes the place of nixpkgs. */
  readonly nixpkgs?: string;
}

/** A copy of the template of our flake, on which the live module is tried. */
export class LiveHost {
  private readonly directory = join(temporary(), "live");
  private readonly overrides: Readonly<Record<string, string>>;

  constructor(change: LiveHostChange) {
    const { lines = "", hostModule = true, modules = "", nixpkgs } = change;
    this.overrides = {
      ...STANDIN,
      ...standins(),
      ...(nixpkgs === undefined ? {} : { nixpkgs }),
      "microvm-sweep": ourFlake(),
    };
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

  /** Builds the script: its text, or why it cannot be built. */
  async script(): Promise<string> {
    const link = join(temporary(), "script");
    const attribute = ".#nixosConfigurations.hyp-01.config.services.microvm-sweep.script";
    const args = ["build", attribute, "--out-link", link, "--print-build-logs"];
    const { status, stderr } = await nix(this.directory, args, this.overrides);
    return status === 0 ? readFileSync(link, "utf8") : stderr;
  }

  /** What `gen` emits for the same host and this policy. */
  async generated(...policy: readonly string[]): Promise<string> {
    const PATH = pathWithStandins(temporary(), this.overrides);
    const args = ["gen", "--flake", ".", "--host", "hyp-01", "--format", "script", ...policy];
    const { status, stdout, stderr } = await runCli(args, { cwd: this.directory, env: { PATH } });
    return status === 0 ? stdout : stderr;
  }

  private edit(file: string, change: (text: string) => string): void {
    const path = join(this.directory, file);
    const text = change(readFileSync(path, "utf8"));
    writeFileSync(path, text.replaceAll("x86_64-linux", SYSTEM));
  }
}
