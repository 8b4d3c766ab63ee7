import { type DescribedHost, GENERATION } from "./host.ts";
import { isInstanceName } from "./units.ts";

const UNITS = "etc/systemd/system";

/** Whether a toplevel declares the VM: it has its install unit (design, "Evidence"). */
function declares({ tree }: DescribedHost, toplevel: string, name: string): boolean {
  return tree.has(`${toplevel}/${UNITS}/install-microvm-${name}.service`);
}

/** The names in the ledger, which the last sweep of this boot wrote. */
export function ledgerNames({ tree }: DescribedHost): string[] {
  const ledger = tree.stat("/run/microvm-sweep/declared");
  return ledger?.kind === "file" ? ledger.text.split("\n").filter(isInstanceName) : [];
}

/** Whether this switch is the one that removes the name. */
export function isReplaced(host: DescribedHost, name: string): boolean {
  const isOther = host.tree.resolve("/run/current-system") !== GENERATION;
  return (
    ledgerNames(host).includes(name) || (isOther && declares(host, "/run/current-system", name))
  );
}

/** Whether this is the first run that sees the name gone: a run after it has another record. */
export function isNewlyReplaced(host: DescribedHost, name: string): boolean {
  const hasLedger = host.tree.stat("/run/microvm-sweep/declared")?.kind === "file";
  return hasLedger ? ledgerNames(host).includes(name) : isReplaced(host, name);
}

/** The names that an earlier run of this boot swept, but not to the end. */
export function unfinishedNames({ tree }: DescribedHost): string[] {
  const record = tree.stat("/run/microvm-sweep/unfinished");
  return record?.kind === "file" ? record.text.split("\n").filter(isInstanceName) : [];
}

/** The roots that lead somewhere. */
function liveRoots({ tree }: DescribedHost): string[] {
  const roots = "/nix/var/nix/gcroots/microvm";
  return tree.list(roots).filter((root) => tree.stat(`${roots}/${root}`) !== undefined);
}

/** Names that a root speaks of which leads somewhere. */
export function rootedNames(host: DescribedHost): string[] {
  return liveRoots(host)
    .map((root) => root.replace(/^booted-/, "").replace(/^old-/, ""))
    .filter(isInstanceName);
}

/** Whether a root that leads somewhere may be the VM's, under any of the names that microvm.nix gives it. */
export function isRooted(host: DescribedHost, name: string): boolean {
  const roots = liveRoots(host);
  return (
    rootedNames(host).includes(name) ||
    ["", "booted-", "old-"].some((prefix) => roots.includes(prefix + name))
  );
}

/** Whether an older generation declared the name, or a run of this boot found so. */
export function isFormer(host: DescribedHost, name: string): boolean {
  const { tree, program } = host;
  if (unfinishedNames(host).includes(name)) return true;
  const state = `${program.stateDir}/${name}`;
  if (tree.lstat(state)?.kind === "directory" && tree.lstat(`${state}/toplevel`)?.kind === "link")
    return true;
  const profiles = tree
    .list("/nix/var/nix/profiles")
    .filter((link) => /^system-.*-link$/.test(link));
  return ["/run/booted-system", ...profiles.map((link) => `/nix/var/nix/profiles/${link}`)].some(
    (toplevel) => declares(host, toplevel, name),
  );
}

export function isDeclared(host: DescribedHost, name: string): boolean {
  const { vms, autostart } = host.program;
  return vms.includes(name) || autostart.includes(name) || declares(host, GENERATION, name);
}

/**
 * What hides the state of MicroVMs: a file system that is not mounted, so that nobody can tell who has
 * any. The described host has none mounted but `/`.
 */
export function hiddenPlace(host: DescribedHost): string | undefined {
  const { tree, program, systemd } = host;
  const fstab = tree.stat(`${GENERATION}/etc/fstab`);
  const lines = fstab?.kind === "file" ? fstab.text.split("\n") : [];
  const points = lines.flatMap((line) =>
    line.startsWith("#") ? [] : (line.split(" ")[1]?.replaceAll("\\040", " ") ?? []),
  );
  const { real, dangling } = stateDirOf(host);
  const unmounted = [...points, ...mountUnitPoints(host)].filter(
    (point) =>
      point !== "/" &&
      [program.stateDir, real].some((directory) => `${directory}/`.startsWith(`${point}/`)),
  );
  const isEmpty = tree.list(program.stateDir).length === 0;
  const hasRoots = tree.list("/nix/var/nix/gcroots/microvm").length > 0;
  const mayCome = systemd === "boot" && isEmpty && hasRoots;
  return mayCome ? program.stateDir : (unmounted.at(-1) ?? dangling);
}

/** Where the generation's own mount units mount: systemd.mount(5), "Where=". */
function mountUnitPoints({ tree }: DescribedHost): string[] {
  const units = `${GENERATION}/${UNITS}`;
  return tree.list(units).flatMap((unit) => {
    const node = unit.endsWith(".mount") ? tree.stat(`${units}/${unit}`) : undefined;
    return node?.kind === "file" ? (/^Where=(.*)$/m.exec(node.text)?.[1] ?? []) : [];
  });
}

/** The state directory without the links above it, and the outermost of these that leads nowhere. */
function stateDirOf({ tree, program }: DescribedHost): { real: string; dangling?: string } {
  let above = program.stateDir;
  let dangling: string | undefined;
  while (tree.stat(above)?.kind !== "directory") {
    if (tree.lstat(above)?.kind === "link") dangling = above;
    above = above.slice(0, above.lastIndexOf("/")) || "/";
  }
  const base = above === "/" ? "" : (tree.resolve(above) ?? above);
  const real = base + program.stateDir.slice(above === "/" ? 0 : above.length);
  return dangling === undefined ? { real } : { real, dangling };
}

/** A directory or any link, which is never looked into. */
export function hasState({ tree, program }: DescribedHost, name: string): boolean {
  const kind = tree.lstat(`${program.stateDir}/${name}`)?.kind;
  return kind === "directory" || kind === "link";
}
