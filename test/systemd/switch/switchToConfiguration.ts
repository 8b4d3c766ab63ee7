import type { Result } from "../container.ts";
import {
  declared,
  type Generation,
  type GenerationId,
  unitFiles,
  unitLinks,
} from "../generation.ts";
import { type Action, type NixosHost, SERVICE, sweepService } from "../nixosHost.ts";
import type { HostPolicy } from "../program.ts";
import { unitsOf } from "../units.ts";

/** A NixOS release, as far as its switch-to-configuration differs for instances. */
export type Release = "25.11" | "26.05";
export type Backend = "activation" | "service";

/** Its pattern of an instance: of `web.1` it makes the template `microvm@.1.service`, which is none. */
const INSTANCE = /^(.*)@[^.]*\.(.*)$/;

/** What a switch did. */
export interface Done extends Result {
  /** The units that NixOS itself stopped before it activated. */
  readonly stopped: readonly string[];
}

/**
 * A stand-in for switch-to-configuration, true in its order: pre-switch check, stop, activate,
 * reset-failed, daemon-reload, restart, start. Of its rules it has those that concern the units of
 * microvm.nix (nixpkgs, switch-to-configuration-ng/src/main.rs). The original is a Rust program that
 * cannot be built from a package registry alone.
 */
export class SwitchToConfiguration {
  private readonly host: NixosHost;
  private readonly release: Release;
  private readonly backend: Backend;

  constructor(host: NixosHost, release: Release, backend: Backend) {
    this.host = host;
    this.release = release;
    this.backend = backend;
  }

  /** Builds a generation that imports the page. */
  build(number: number, generation: Generation): void {
    const { specialisations = {} } = generation;
    this.host.build(number, {
      ...this.withService(generation),
      specialisations: Object.fromEntries(
        Object.entries(specialisations).map(([name, one]) => [name, this.withService(one)]),
      ),
    });
  }

  /** Switches from one generation to another. */
  run(from: GenerationId, to: GenerationId, action: Action, policy: HostPolicy = {}): Done {
    const { host, backend } = this;
    const run = { action, backend, policy };
    if (action === "switch" || action === "boot") host.profile(Number.parseInt(String(to), 10));
    const check = host.check(to, action, run);
    if (check.status !== 0 || action === "boot") return { ...check, stopped: [] };
    const stopped = this.units().filter((unit) => this.isRemoved(unit, from, to));
    this.systemctl("stop", stopped);
    const activated = host.activate(to, run);
    host.container.must("systemctl reset-failed; systemctl daemon-reload");
    this.systemctl(
      "restart",
      this.units().filter((unit) => this.isChanged(unit, from, to)),
    );
    this.systemctl("start", this.wanted(to));
    return { ...(backend === "service" ? host.ofService() : activated), stopped };
  }

  private withService(generation: Generation): Generation {
    if (this.backend !== "service") return generation;
    const before = declared(generation).flatMap((name) => [
      `install-microvm-${name}.service`,
      ...unitsOf(name),
    ]);
    return {
      ...generation,
      units: { ...generation.units, [SERVICE]: sweepService(before) },
      links: { ...generation.links, [`multi-user.target.wants/${SERVICE}`]: `../${SERVICE}` },
    };
  }

  /** The active units that a generation can have. */
  private units(): readonly string[] {
    const listed = this.host.container.must(
      "systemctl list-units --plain --no-legend --state=active,activating 'microvm*' 'install-microvm-*'",
    );
    return listed
      .split("\n")
      .map((line) => line.split(" ")[0] ?? "")
      .filter((unit) => unit !== "");
  }

  /** Its own unit file or its template, and its drop-ins. */
  private textsOf(unit: string, id: GenerationId): readonly (string | undefined)[] {
    const files = unitFiles(this.host.generation(id));
    const template = unit.replace(INSTANCE, "$1@.$2");
    return [files[unit] ?? files[template], files[`${unit}.d/overrides.conf`]];
  }

  private isRemoved(unit: string, from: GenerationId, to: GenerationId): boolean {
    const [oldUnit, oldDropIn] = this.textsOf(unit, from);
    const [newUnit, newDropIn] = this.textsOf(unit, to);
    if (oldUnit === undefined) return false;
    if (newUnit === undefined) return true;
    // nixpkgs pull 512360
    const isInstance = INSTANCE.test(unit);
    return (
      this.release === "26.05" && isInstance && oldDropIn !== undefined && newDropIn === undefined
    );
  }

  private isChanged(unit: string, from: GenerationId, to: GenerationId): boolean {
    const texts = this.textsOf(unit, to);
    if (texts[0] === undefined || texts[0].includes("X-RestartIfChanged=false")) return false;
    return texts.join() !== this.textsOf(unit, from).join();
  }

  /** What the targets that are active want: they are started again, so that new units start. */
  private wanted(id: GenerationId): readonly string[] {
    return Object.keys(unitLinks(this.host.generation(id)))
      .filter((link) => link.startsWith("multi-user.target.wants/"))
      .map((link) => link.slice("multi-user.target.wants/".length));
  }

  /** A unit that fails is reported by the original too, and ends nothing. */
  private systemctl(verb: string, units: readonly string[]): void {
    if (units.length > 0)
      this.host.container.run(`systemctl ${verb} -- ${units.map((unit) => `'${unit}'`).join(" ")}`);
  }
}
