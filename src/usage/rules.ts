import { describeValue } from "../diagnostics/wording.ts";
import { type Fault, type Place, pointer, recordAt } from "../json/fault.ts";
import { directoryFault, instanceNameFault } from "../microvm/names.ts";
import type { Host } from "./model.ts";

/** A host before its shape is known to be right: each property may be missing or have another type. */
type UncheckedHost = { readonly [Property in keyof Host]?: unknown };

/**
 * Checks one thing of the host at the JSON Pointer `at`. A rule passes over values of a wrong type,
 * because `shapeFaults` reports them. It never throws and never looks at another host.
 */
type Rule = (host: UncheckedHost, at: string) => Iterable<Fault>;

/** systemd, and with it microvm.nix, exists on Linux only. */
const systemIsLinux: Rule = function* ({ system }, at) {
  const kernel = typeof system === "string" ? /-([a-z0-9_]+)$/.exec(system)?.[1] : undefined;
  if (kernel === undefined || kernel === "linux") return;
  yield {
    code: "MS1208",
    pointer: `${at}/system`,
    at: "value",
    message: `${describeValue(system)} is not Linux, and MicroVMs need Linux`,
    hint: "check nixpkgs.hostPlatform",
  };
};

/** Options of the name `microvm` that nobody knows could hide MicroVMs, which would then count as removed. */
const hostModuleIsKnown: Rule = function* ({ hostModule }, at) {
  if (hostModule !== "unknown") return;
  yield {
    code: "MS1210",
    pointer: `${at}/hostModule`,
    at: "value",
    message: "the options microvm of this host are not those of microvm.nix 0.4 or later",
    hint: "upgrade microvm.nix, or give another module's options another name",
  };
};

/** Directories that the whole system uses. The sweep must not take their entries for VMs. */
const SYSTEM_DIRECTORIES = new Set([
  ..."bin boot dev etc home lib lib64 mnt nix opt proc root run sbin srv sys tmp usr var"
    .split(" ")
    .map((name) => `/${name}`),
  "/var/lib",
  "/var/log",
  "/var/cache",
  "/nix/var",
  "/run/systemd",
  "/run/user",
]);

/** `stateDir` is an absolute, normalised path, and all entries of the directory are VMs. */
const stateDirIsUsable: Rule = function* ({ stateDir }, at) {
  if (typeof stateDir !== "string") return;
  const reason = stateDirProblem(stateDir);
  if (reason === undefined) return;
  yield {
    code: "MS1206",
    pointer: `${at}/stateDir`,
    at: "value",
    message: `${describeValue(stateDir)} cannot be the state directory: ${reason}`,
    hint: "set microvm.stateDir to an absolute path that only MicroVMs use, such as /var/lib/microvms",
  };
};

function stateDirProblem(stateDir: string): string | undefined {
  const problem = directoryFault(stateDir);
  if (problem !== undefined) return problem;
  if (`${stateDir}/`.startsWith("/nix/store/")) return "it is in the Nix store";
  const isSystem = SYSTEM_DIRECTORIES.has(stateDir) || /^\/(dev|etc|proc|sys)\//.test(stateDir);
  return isSystem ? "it belongs to the system" : undefined;
}

/** `autostart` is sorted by code unit, so that equal hosts give equal pages. */
const autostartIsSorted: Rule = function* (host, at) {
  const names = autostartNames(host);
  const wrong = names.findIndex(({ name }, i) => i > 0 && name < (names[i - 1]?.name ?? ""));
  const [before, found] = [names[wrong - 1], names[wrong]];
  if (before === undefined || found === undefined) return;
  yield {
    code: "MS1107",
    pointer: `${at}/autostart/${found.index}`,
    at: "value",
    message: `the list is not sorted: ${describeValue(found.name)} comes after ${describeValue(before.name)}`,
    hint: "create the document again with nix eval, which sorts it",
  };
};

/** Every MicroVM has a name that its unit `microvm@NAME.service` can have (systemd.unit(5)). */
const namesAreInstanceNames: Rule = function* (host, at) {
  for (const { name, index } of autostartNames(host)) {
    const reason = instanceNameFault(name);
    if (reason === undefined) continue;
    const place = { pointer: `${at}/autostart/${index}`, at: "value" } as const;
    yield nameFault(name, reason, place, "microvm.autostart");
  }
  for (const name of Object.keys(recordAt(host, "vms"))) {
    const reason = instanceNameFault(name);
    if (reason === undefined) continue;
    const place = { pointer: `${at}/vms${pointer([name])}`, at: "key" } as const;
    yield nameFault(name, reason, place, "microvm.vms");
  }
};

function nameFault(name: string, reason: string, place: Place, option: string): Fault {
  return {
    ...place,
    code: "MS1205",
    message: `no unit can have the instance name ${describeValue(name)}: ${reason}`,
    hint: `rename it in ${option}: letters, digits and : - _ . @ are allowed`,
  };
}

/** Returns the names in `autostart` with their indices. Skips repeated names: the shape reports them. */
function autostartNames({
  autostart,
}: UncheckedHost): readonly { readonly name: string; readonly index: number }[] {
  if (!Array.isArray(autostart)) return [];
  const names = new Map<string, number>();
  for (const [index, name] of autostart.entries()) {
    if (typeof name === "string" && !names.has(name)) names.set(name, index);
  }
  return Array.from(names, ([name, index]) => ({ name, index }));
}

/** All rules, in the order of the properties in the model. */
export const RULES: readonly Rule[] = [
  systemIsLinux,
  hostModuleIsKnown,
  stateDirIsUsable,
  autostartIsSorted,
  namesAreInstanceNames,
];
