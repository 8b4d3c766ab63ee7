import type { Host } from "./model.ts";

/** The names that a host declares, each list sorted by code unit and without duplicates. */
export interface DeclaredNames {
  /** Names in `microvm.vms`. */
  readonly vms: readonly string[];
  /** Names in `microvm.autostart`. It may name imperative VMs. */
  readonly autostart: readonly string[];
}

/**
 * Returns the names that a host declares. Where the host module is absent or disabled it declares none,
 * whatever `microvm.vms` says: nothing installs or starts them (docs/design.md, "Terms").
 */
export function declaredNames({ hostModule, vms, autostart }: Host): DeclaredNames {
  if (hostModule !== "enabled") return { vms: [], autostart: [] };
  return { vms: Object.keys(vms).sort(), autostart: [...new Set(autostart)].sort() };
}

/**
 * Whether a configuration is a MicroVM and nothing else. A MicroVM that declares some itself is a host
 * too (docs/design.md, "The usage document"); the extractor of 0.2 called it a guest.
 */
export function isGuest({ role, hostModule, vms, autostart }: Host): boolean {
  if (role !== "guest") return false;
  return hostModule !== "enabled" || (Object.keys(vms).length === 0 && autostart.length === 0);
}
