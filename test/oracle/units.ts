/** The families as the design lists them ("Terms"), written once more to be independent. */
export const FAMILIES = [
  "microvm",
  "microvm-tap-interfaces",
  "microvm-macvtap-interfaces",
  "microvm-pci-devices",
  "microvm-virtiofsd",
  "microvm-set-booted",
];
export const TARGET = "microvms.target";

/** Whether systemd could have `microvm-macvtap-interfaces@NAME.service` and NAME is one path part. */
export function isInstanceName(name: string): boolean {
  if (name === "." || name === ".." || !/^[A-Za-z0-9:_.\\@-]+$/.test(name)) return false;
  return `microvm-macvtap-interfaces@${name}.service`.length <= 255;
}

/**
 * The unit that a file belongs to: an instance of the families, a timer, socket or path unit of such an
 * instance (a companion), a template of the families, or none of them.
 */
export type Owner =
  | { readonly kind: "instance" | "companion"; readonly name: string }
  | { readonly kind: "template" };

export function ownerOf(unit: string): Owner | undefined {
  if (unit === TARGET) return { kind: "template" };
  if (FAMILIES.some((family) => unit === `${family}@.service`)) return { kind: "template" };
  const [, base = "", type] = /^(.*)\.(service|timer|socket|path)$/s.exec(unit) ?? [];
  const name =
    after(base, "install-microvm-") ??
    FAMILIES.map((family) => after(base, `${family}@`)).find((found) => found !== undefined);
  if (name === undefined || !isInstanceName(name)) return undefined;
  return { kind: type === "service" ? "instance" : "companion", name };
}

function after(text: string, start: string): string | undefined {
  return text.startsWith(start) ? text.slice(start.length) : undefined;
}

/** The VM that a service belongs to. */
export function vmOf(unit: string): string | undefined {
  const owner = ownerOf(unit);
  return owner?.kind === "instance" ? owner.name : undefined;
}

/** The unit that an entry of a unit directory belongs to: a unit, its drop-ins or its dependencies. */
export function unitOf(entry: string): string {
  return entry.replace(/\.(d|wants|requires|upholds)$/, "");
}

/** Whether a directory entry holds links to what its unit pulls in. */
export function isLinkDirectory(entry: string): boolean {
  return /\.(wants|requires|upholds)$/.test(entry);
}

/** Whether systemd takes a file name for a unit's (systemd.unit(5), the table of types). */
export function isUnitName(name: string): boolean {
  return /^[A-Za-z0-9:_.\\@-]+\.(service|socket|target|timer|path|mount|slice)$/.test(name);
}

/** The template of an instance: `microvm@.service` of `microvm@bar.service`. */
export function templateOf(unit: string): string {
  return unit.replace(/^([^@]+@).+(\.[a-z]+)$/s, "$1$2");
}
