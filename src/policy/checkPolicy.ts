import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { describeValue } from "../diagnostics/wording.ts";
import { instanceNameFault } from "../microvm/names.ts";
import { declaredNames } from "../usage/declared.ts";
import type { Host } from "../usage/model.ts";
import type { Settings } from "./policy.ts";

interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

/** Says why a name of the policy cannot be used. */
export function nameFault(name: string): Finding | undefined {
  const reason = instanceNameFault(name);
  if (reason === undefined) return undefined;
  const message = `no unit can have the instance name ${describeValue(name)}: ${reason}`;
  return { code: "MS1205", message, hint: "name a MicroVM as its units do" };
}

function unusableNames({ keep }: Settings): Finding[] {
  return keep.flatMap((name) => {
    const fault = nameFault(name);
    return fault === undefined ? [] : [{ ...fault, message: `--keep: ${fault.message}` }];
  });
}

function hostErrors({ backend }: Settings, host: Host): Finding[] {
  if (backend !== "activation" || host.activationScripts) return [];
  return [
    {
      code: "MS1308",
      message: "--backend activation: this host runs no activation scripts",
      hint: "drop --backend, or give --backend service",
    },
  ];
}

/** Whether a release of NixOS, such as "25.11", comes before another. Both have two digits twice. */
function isBefore(release: string, other: string): boolean {
  return release < other;
}

/** The first NixOS that stops an instance whose drop-in is gone (nixpkgs pull 512360). */
const STOPS_REMOVED = "26.05";
/** The first NixOS with `system.preSwitchChecks` (nixpkgs pull 236375). */
const HAS_PRE_SWITCH_CHECKS = "25.05";

/** Names on the keep list that the host declares. Most policies keep none, and most fleets have many names. */
function declaredKept(keep: readonly string[], host: Host): readonly string[] {
  if (keep.length === 0) return [];
  const { vms, autostart } = declaredNames(host);
  const declared = new Set([...vms, ...autostart]);
  return keep.filter((name) => declared.has(name));
}

function hostWarnings({ keep, orphans, limit, backend }: Settings, host: Host): Finding[] {
  const findings: Finding[] = declaredKept(keep, host).map((name) => ({
    code: "MS1305",
    message: `${describeValue(name)} is on the keep list, but this host declares it`,
    hint: "drop it from the list: what is declared is never touched",
  }));
  if ((orphans === "report" || keep.length > 0) && !isBefore(host.nixosRelease, STOPS_REMOVED)) {
    findings.push({
      code: "MS1309",
      message: `${orphans === "report" ? "--orphans report" : "--keep"}: NixOS ${host.nixosRelease} itself stops a MicroVM that leaves microvm.vms, before the sweep runs`,
      hint: "files and state stay; to keep it running too, set X-StopOnRemoval = false for all templates of microvm.nix one switch earlier: docs/why.md lists them",
    });
  }
  if (limit !== null && isBefore(host.nixosRelease, HAS_PRE_SWITCH_CHECKS)) {
    findings.push({
      code: "MS1310",
      message: `--limit: NixOS ${host.nixosRelease} has no pre-switch checks, so nothing enforces the limit`,
      hint: `upgrade to NixOS ${HAS_PRE_SWITCH_CHECKS}, or drop --limit`,
    });
  }
  const isService = backend === "service" || (backend === "auto" && !host.activationScripts);
  if (orphans === "stop-all" && isService) {
    findings.push({
      code: "MS1312",
      message: "--orphans stop-all: on this host a service runs the sweep, and it stops no MicroVM",
      hint: "drop --orphans: what still runs is named with the command that stops it",
    });
  }
  return findings;
}

function diagnostics(findings: readonly Finding[], severity: Diagnostic["severity"]): Diagnostic[] {
  return findings.map((finding) => ({ ...finding, severity, pointer: "" }));
}

/**
 * Finds what contradicts itself or the host in the settings of a run. They are made of a file, flags and
 * defaults, so a finding has no place in a file: its message names the flag. Warnings are about a policy without errors.
 */
export function checkPolicy(settings: Settings, host?: Host): readonly Diagnostic[] {
  const errors = [
    ...unusableNames(settings),
    ...(host === undefined ? [] : hostErrors(settings, host)),
  ];
  if (errors.length > 0) return diagnostics(errors, "error");
  return host === undefined ? [] : diagnostics(hostWarnings(settings, host), "warning");
}
