import { DEFAULT_STATE_DIR, type DescribedHost, GENERATION, isRunning, UNITS } from "./host.ts";
import { countingRecord, readRecord, unfinishedNames, wasSweptBefore } from "./record.ts";
import { isInstanceName, vmOf } from "./units.ts";

export const ROOTS = "/nix/var/nix/gcroots/microvm";
const PROFILES = "/nix/var/nix/profiles";

/** The names of the install units that a toplevel has. */
export function declaredBy({ tree }: DescribedHost, toplevel: string): string[] {
  return tree
    .list(`${toplevel}/${UNITS}`)
    .flatMap((unit) => /^install-microvm-(.+)\.service$/s.exec(unit)?.[1] ?? [])
    .filter(isInstanceName);
}

/** Row 1 of the table: declared, or G has a unit of that name or a link that starts it. */
export function isLive(host: DescribedHost, name: string): boolean {
  const { tree, data } = host;
  const units = `${GENERATION}/${UNITS}`;
  const main = `microvm@${name}.service`;
  const starts = tree
    .list(units)
    .filter((entry) => /\.(wants|requires|upholds)$/.test(entry))
    .some((directory) => tree.has(`${units}/${directory}/${main}`));
  return (
    data.vms.includes(name) ||
    data.autostart.includes(name) ||
    tree.has(`${units}/install-microvm-${name}.service`) ||
    tree.has(`${units}/${main}`) ||
    starts
  );
}

/** The names that this switch removes, if G does not declare them. */
export function replacedNames(host: DescribedHost): string[] {
  if (wasSweptBefore(host)) return [];
  const isOther = host.tree.resolve("/run/current-system") !== GENERATION;
  const current = isOther ? declaredBy(host, "/run/current-system") : [];
  return [...new Set([...current, ...(countingRecord(host)?.names ?? [])])];
}

/** The names that a specialisation of G, or one beside G, declares. */
export function specialisedNames(host: DescribedHost): Set<string> {
  const { tree } = host;
  const below = (toplevel: string) =>
    tree.list(`${toplevel}/specialisation`).map((entry) => `${toplevel}/specialisation/${entry}`);
  const system = `${PROFILES}/system`;
  const isOneOf = below(system).some((path) => tree.resolve(path) === GENERATION);
  const isItself = tree.resolve(system) === GENERATION;
  const toplevels = [
    ...below(GENERATION),
    ...(isOneOf && !isItself ? [system, ...below(system)] : []),
  ];
  return new Set(toplevels.flatMap((toplevel) => declaredBy(host, toplevel)));
}

/** Whether the boot default is G, so that a sweep of state is final. */
export function isBootDefault({ tree }: DescribedHost): boolean {
  const system = `${PROFILES}/system`;
  const below = tree.list(`${system}/specialisation`);
  return (
    !tree.has(system) ||
    tree.resolve(system) === GENERATION ||
    below.some((entry) => tree.resolve(`${system}/specialisation/${entry}`) === GENERATION)
  );
}

/** The state directories: the one of G, microvm.nix's default and the one in the record. */
export function stateDirs(host: DescribedHost): string[] {
  const recorded = readRecord(host)?.stateDir ?? "";
  const all = [
    host.data.stateDir,
    DEFAULT_STATE_DIR,
    ...(recorded.startsWith("/") ? [recorded] : []),
  ];
  const real = (path: string) => host.tree.resolve(path) ?? path;
  return all.filter((path, at) => all.findIndex((other) => real(other) === real(path)) === at);
}

/** Whether a state directory has the name: a directory or any link, which is never followed. */
export function hasStateIn({ tree }: DescribedHost, directory: string, name: string): boolean {
  const kind = tree.lstat(`${directory}/${name}`)?.kind;
  return kind === "directory" || kind === "link";
}

export function hasState(host: DescribedHost, name: string): boolean {
  return stateDirs(host).some((directory) => hasStateIn(host, directory, name));
}

function hasToplevelIn({ tree }: DescribedHost, directory: string, name: string): boolean {
  const state = `${directory}/${name}`;
  return (
    tree.lstat(state)?.kind === "directory" && tree.lstat(`${state}/toplevel`)?.kind === "link"
  );
}

/** Row 4: `microvm -c` or ssh-deploy made the VM; a directory of an older VM of that name does not speak against it. */
export function isMadeByHand(host: DescribedHost, name: string): boolean {
  const isRoot = host.tree.lstat(`${ROOTS}/${name}`)?.kind === "link";
  const holding = stateDirs(host).filter((directory) => hasStateIn(host, directory, name));
  return isRoot && holding.some((directory) => !hasToplevelIn(host, directory, name));
}

/** The state directories that say what a VM is: the configured one alone where the VM has state there. */
function directoriesOf(host: DescribedHost, name: string): readonly string[] {
  const { stateDir } = host.data;
  return hasStateIn(host, stateDir, name) ? [stateDir] : stateDirs(host);
}

/** Whether an older generation declared the name. */
export function isFormer(host: DescribedHost, name: string): boolean {
  const profiles = host.tree
    .list(PROFILES)
    .filter((link) => /^system-.*-link$/.test(link))
    .map((link) => `${PROFILES}/${link}`);
  return (
    unfinishedNames(host).includes(name) ||
    directoriesOf(host, name).some((directory) => hasToplevelIn(host, directory, name)) ||
    ["/run/booted-system", ...profiles].some((toplevel) =>
      declaredBy(host, toplevel).includes(name),
    )
  );
}

/** The VM that a root is most likely of: microvm.nix makes `NAME`, `booted-NAME` and `old-NAME`. */
export function vmOfRoot(root: string): string {
  return root.replace(/^booted-/, "").replace(/^old-/, "");
}

/** The names that a root may be of: a VM may have the name of another one's root. */
export function namesOfRoot(root: string): string[] {
  return [...new Set([root, root.replace(/^booted-/, ""), root.replace(/^old-/, "")])];
}

/** The links among the roots. No VM can have a name with a line break or a tab, so no tool makes such a one. */
export function rootsOf({ tree }: DescribedHost): string[] {
  return tree
    .list(ROOTS)
    .filter((root) => tree.lstat(`${ROOTS}/${root}`)?.kind === "link" && !/[\n\t]/.test(root));
}

/** Whether a root of the VM leads somewhere: its state exists, wherever that is. */
export function isRooted(host: DescribedHost, name: string): boolean {
  return rootsOf(host).some(
    (root) =>
      [...namesOfRoot(root), vmOfRoot(root)].includes(name) &&
      host.tree.stat(`${ROOTS}/${root}`) !== undefined,
  );
}

/** Whether a unit of the VM is active; where systemd is silent, every VM counts as active. */
export function isActive({ systemd, units }: DescribedHost, name: string): boolean {
  if (systemd !== "running") return systemd === "silent";
  return units.some((unit) => vmOf(unit.name) === name && isRunning(unit));
}
