import type { Host } from "./model.ts";

/** The names that a host declares: sorted by code unit, each once. */
export interface DeclaredNames {
  /** Names in `microvm.vms`: the host module installs these. */
  readonly vms: readonly string[];
  /** Names in `microvm.autostart`; they may be imperative MicroVMs. */
  readonly autostart: readonly string[];
}

/**
 * The names that a host declares (design, "Terms"). Without the host module in use it declares none,
 * whatever its options say: nothing installs or starts them.
 */
export function declaredNames({ hostModule, vms, autostart }: Host): DeclaredNames {
  if (hostModule !== "enabled") return { vms: [], autostart: [] };
  return { vms: Object.keys(vms).sort(), autostart: [...new Set(autostart)].sort() };
}
