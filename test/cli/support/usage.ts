import type { Host, UsageDocument } from "../../../src/usage/model.ts";

/** A host that declares the VMs of these names. */
export function hostWith(...names: readonly string[]): Host {
  const vm = { kind: "config", autostart: true, updateFlake: null } as const;
  return {
    system: "x86_64-linux",
    nixosRelease: "25.05",
    role: "host",
    hostModule: "enabled",
    stateDir: "/var/lib/microvms",
    autostart: [...names],
    activationScripts: true,
    etcOverlay: "none",
    vms: Object.fromEntries(names.map((name) => [name, vm])),
  };
}

/** The text of a usage document. */
export function usageText(hosts: Readonly<Record<string, Host>>): string {
  const document: UsageDocument = { schemaVersion: 1, hosts: { ...hosts } };
  return JSON.stringify(document);
}
