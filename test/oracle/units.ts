/** The families as the design lists them ("Terms"), written once more to be independent. */
export const PREFIXES = [
  "microvm",
  "microvm-tap-interfaces",
  "microvm-macvtap-interfaces",
  "microvm-pci-devices",
  "microvm-virtiofsd",
  "microvm-set-booted",
];

/** Whether systemd could have `microvm-macvtap-interfaces@NAME.service` and NAME is one path part. */
export function isInstanceName(name: string): boolean {
  if (name === "." || name === ".." || !/^[A-Za-z0-9:_.\\@-]+$/.test(name)) return false;
  return `microvm-macvtap-interfaces@${name}.service`.length <= 255;
}

/** What unit a file name belongs to: an instance, a template of the families, or none of ours. */
export type Owner = { readonly instance: string } | { readonly template: string } | undefined;

export function ownerOf(unit: string): Owner {
  if (unit === "microvms.target") return { template: unit };
  if (PREFIXES.some((prefix) => unit === `${prefix}@.service`)) return { template: unit };
  const install = /^install-microvm-(.+)\.service$/s.exec(unit)?.[1];
  const instance =
    install ?? PREFIXES.map((prefix) => between(unit, `${prefix}@`, ".service")).find(Boolean);
  return instance !== undefined && isInstanceName(instance) ? { instance } : undefined;
}

function between(text: string, start: string, end: string): string | undefined {
  return text.startsWith(start) && text.endsWith(end)
    ? text.slice(start.length, -end.length)
    : undefined;
}

/** The unit that an entry of a unit directory belongs to: a unit, its drop-ins or its dependencies. */
export function unitOf(entry: string): string {
  return entry.replace(/\.(d|wants|requires|upholds)$/, "");
}
