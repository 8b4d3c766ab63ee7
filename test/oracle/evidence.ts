import {
  CURRENT,
  type DescribedHost,
  GENERATION,
  type ListedUnit,
  PROFILE,
  ROOTS,
  UNITS,
} from "./host.ts";
import type { Tree } from "./tree.ts";
import { isInstanceName, isLinkDirectory, TARGET, vmOf } from "./units.ts";

/** The names of the install units that a toplevel has: its `microvm.vms`. */
export function installedBy({ tree }: DescribedHost, toplevel: string): string[] {
  return tree
    .list(`${toplevel}/${UNITS}`)
    .flatMap((unit) => /^install-microvm-(.+)\.service$/s.exec(unit)?.[1] ?? [])
    .filter(isInstanceName);
}

/** The names that a toplevel's target wants: its `microvm.autostart`. */
export function startedBy({ tree }: DescribedHost, toplevel: string): string[] {
  const target = tree.stat(`${toplevel}/${UNITS}/${TARGET}`);
  if (target?.kind !== "file") return [];
  return [...target.text.matchAll(/^Wants=(.*)$/gm)]
    .flatMap(([, units = ""]) => units.split(" "))
    .flatMap((unit) => /^microvm@(.+)\.service$/.exec(unit)?.[1] ?? [])
    .filter(isInstanceName);
}

/** Whether a file is empty, or a link leads to such a file or the null device: systemd does not load the unit. */
export function isMask(tree: Tree, path: string): boolean {
  const node = tree.stat(path);
  return node?.kind === "file" && node.text === "";
}

/** Whether G has a unit of the VM that is whole and its own, such as an override that was forgotten. */
export function hasOwnUnit({ tree }: DescribedHost, name: string): boolean {
  const unit = `${GENERATION}/${UNITS}/microvm@${name}.service`;
  return tree.has(unit) && !isMask(tree, unit);
}

/**
 * The names that G's `.wants` directories and their like start. systemd looks at the name of a link there:
 * NixOS makes links that dangle where the unit is only a drop-in. A unit that G masks starts nothing.
 */
export function pulledIn({ tree }: DescribedHost): string[] {
  const units = `${GENERATION}/${UNITS}`;
  return tree
    .list(units)
    .filter(isLinkDirectory)
    .flatMap((directory) => tree.list(`${units}/${directory}`))
    .filter((unit) => !isMask(tree, `${units}/${unit}`))
    .flatMap((unit) => /^microvm@(.+)\.service$/s.exec(unit)?.[1] ?? [])
    .filter(isInstanceName);
}

/** The names of which G has a whole unit. */
export function ownedNames(host: DescribedHost): string[] {
  return host.tree
    .list(`${GENERATION}/${UNITS}`)
    .flatMap((unit) => /^microvm@(.+)\.service$/s.exec(unit)?.[1] ?? [])
    .filter((name) => isInstanceName(name) && hasOwnUnit(host, name));
}

/** Whether this switch replaces another system. */
function isReplaced({ tree }: DescribedHost): boolean {
  const current = tree.resolve(CURRENT);
  return current !== undefined && current !== GENERATION;
}

/** The names of the system that this switch replaces. */
export function currentNames(host: DescribedHost): string[] {
  return isReplaced(host) ? installedBy(host, CURRENT) : [];
}

/** The service runs after the switch: what was replaced is an older generation then. */
function isService({ data }: DescribedHost): boolean {
  return data.backend === "service";
}

/** The names that this switch removes, if G does not declare them. */
export function replacedNames(host: DescribedHost): string[] {
  return isService(host) ? [] : currentNames(host);
}

/** The names that were in `microvm.autostart` until this switch. */
export function startedBefore(host: DescribedHost): string[] {
  return isReplaced(host) && !isService(host) ? startedBy(host, CURRENT) : [];
}

/** The names in the booted system and in the retained generations; for the service, in what was replaced. */
export function formerNames(host: DescribedHost): string[] {
  const profiles = "/nix/var/nix/profiles";
  const links = host.tree.list(profiles).filter((link) => /^system-.*-link$/.test(link));
  const toplevels = ["/run/booted-system", ...links.map((link) => `${profiles}/${link}`)];
  return [
    ...toplevels.flatMap((toplevel) => installedBy(host, toplevel)),
    ...(isService(host) ? currentNames(host) : []),
  ];
}

/** Names whose unit files stay: B, a specialisation of B or a specialisation of G declares them. */
export function neededNames(host: DescribedHost): Set<string> {
  const below = (toplevel: string) =>
    host.tree
      .list(`${toplevel}/specialisation`)
      .map((entry) => `${toplevel}/specialisation/${entry}`);
  // The switch that a dry activation is about would make G the boot default.
  const boot = host.action === "dry-activate" ? GENERATION : PROFILE;
  return new Set(
    [boot, ...below(boot), ...below(GENERATION)].flatMap((toplevel) => [
      ...installedBy(host, toplevel),
      ...startedBy(host, toplevel),
    ]),
  );
}

/** The VM of a garbage collection root: tools make `NAME`, `booted-NAME` and `old-NAME`. */
export function vmOfRoot(root: string): string {
  return root.replace(/^(booted|old)-/, "");
}

/** The links among the garbage collection roots. */
export function rootLinks({ tree }: DescribedHost): string[] {
  return tree.list(ROOTS).filter((root) => tree.lstat(`${ROOTS}/${root}`)?.kind === "link");
}

export function isRooted(host: DescribedHost, name: string): boolean {
  const roots = rootLinks(host);
  return ["", "booted-", "old-"].some((prefix) => roots.includes(prefix + name));
}

/** Whether the VM has a state directory. A link there counts, and is never followed. */
export function hasState({ tree, data }: DescribedHost, name: string): boolean {
  const kind = tree.lstat(`${data.stateDir}/${name}`)?.kind;
  return kind === "directory" || kind === "link";
}

/** Whether the state directory has the link that the host module makes. */
export function hasToplevel({ tree, data }: DescribedHost, name: string): boolean {
  const state = `${data.stateDir}/${name}`;
  const isDirectory = tree.lstat(state)?.kind === "directory";
  return isDirectory && tree.lstat(`${state}/toplevel`)?.kind === "link";
}

function unitsOf({ units }: DescribedHost, name: string): readonly ListedUnit[] {
  return units.filter((unit) => vmOf(unit.name) === name);
}

/** The units of a VM that have failed. What is listed and has not failed is active or about to be. */
export function failedUnits(host: DescribedHost, name: string): string[] {
  return unitsOf(host, name)
    .filter(({ active }) => active === "failed")
    .map((unit) => unit.name);
}

export function activeUnits(host: DescribedHost, name: string): string[] {
  return unitsOf(host, name)
    .filter(({ active }) => active !== "failed")
    .map((unit) => unit.name);
}

export function isActive(host: DescribedHost, name: string): boolean {
  return activeUnits(host, name).length > 0;
}

/** Whether G can start a VM. */
export function generationHasTemplate({ tree }: DescribedHost): boolean {
  return tree.has(`${GENERATION}/${UNITS}/microvm@.service`);
}
