import { INSTALL, TARGET, TEMPLATES } from "./units.ts";

/** What a generation declares. */
export interface Generation {
  readonly vms: readonly string[];
  readonly autostart?: readonly string[];
  /** False where the host module is not imported, or disabled: then no name is declared. */
  readonly templates?: boolean;
  readonly stateDir?: string;
  /** What the drop-in of a VM says, by its name. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** More unit files in it, by name. */
  readonly units?: Readonly<Record<string, string>>;
  /** More links among its unit files: name and target. */
  readonly links?: Readonly<Record<string, string>>;
  readonly specialisations?: Readonly<Record<string, Generation>>;
}

/** A number, or the number and a specialisation: `2-small`. */
export type GenerationId = number | `${number}-${string}`;

/** The path in the store; both kinds of id give names of equal shape. */
export function toplevelOf(id: GenerationId): string {
  const hash = String(id).replaceAll("-", "x").padStart(32, "0").slice(-32);
  return `/nix/store/${hash}-nixos-system-hyp-01-26.05`;
}

/** The names that the host module of the generation knows. */
export function declared({ vms, templates }: Generation): readonly string[] {
  return templates === false ? [] : [...vms].sort();
}

/** The texts in the generation's etc/systemd/system, as NixOS and the host module write them. */
export function unitFiles(generation: Generation): Readonly<Record<string, string>> {
  const { autostart = [], overrides = {}, templates = true, units = {} } = generation;
  const vms = declared(generation);
  const ofVms = vms.flatMap((vm) => [
    [`install-microvm-${vm}.service`, INSTALL(vm)],
    [`microvm@${vm}.service.d/overrides.conf`, overrides[vm] ?? "[Unit]\n# of this generation\n"],
  ]);
  return {
    "multi-user.target.d/x.conf": "",
    ...(templates ? { ...TEMPLATES, "microvms.target": TARGET([...vms, ...autostart]) } : {}),
    ...Object.fromEntries(ofVms),
    ...units,
  };
}

/** The links in the generation's etc/systemd/system: name and target. */
export function unitLinks({
  links = {},
  templates = true,
}: Generation): Readonly<Record<string, string>> {
  const target = { "multi-user.target.wants/microvms.target": "../microvms.target" };
  return { ...(templates ? target : {}), ...links };
}
