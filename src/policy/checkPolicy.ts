import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { describeValue } from "../diagnostics/wording.ts";
import { instanceNameFault, isAtOrBelow, writableDirectoryFault } from "../microvm/names.ts";
import { declaredNames } from "../usage/declared.ts";
import type { Host } from "../usage/model.ts";
import { POLICY, type PolicyRow, type Settings } from "./policy.ts";

interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

const DIRECTORY_HINT = "give an absolute, normalised path outside of /nix/store";

/** Says why a name or a directory of the policy cannot be used. */
export function textFault({ kind }: PolicyRow, text: string): Finding | undefined {
  if (kind === "names") {
    const reason = instanceNameFault(text);
    if (reason === undefined) return undefined;
    const message = `no unit can have the instance name ${describeValue(text)}: ${reason}`;
    return { code: "MS1205", message, hint: "name a MicroVM as its units do" };
  }
  const reason = writableDirectoryFault(text);
  if (reason === undefined) return undefined;
  if (kind === "directories") {
    const message = `${describeValue(text)} cannot be a unit directory: ${reason}`;
    return { code: "MS1306", message, hint: DIRECTORY_HINT };
  }
  const message = `${describeValue(text)} cannot be the archive directory: ${reason}`;
  return { code: "MS1307", message, hint: DIRECTORY_HINT };
}

function unusableTexts(settings: Settings): Finding[] {
  const rows: readonly PolicyRow[] = POLICY;
  return rows
    .filter(({ kind }) => kind !== "choice" && kind !== "number")
    .flatMap((row) =>
      [settings[row.key as keyof Settings] as string | readonly string[]].flat().flatMap((text) => {
        const fault = textFault(row, text);
        return fault === undefined
          ? []
          : [{ ...fault, message: `--${row.flag}: ${fault.message}` }];
      }),
    );
}

function contradictions({ state, stateDelete, keep }: Settings): Finding[] {
  const findings: Finding[] = stateDelete
    .filter((name) => keep.includes(name))
    .map((name) => ({
      code: "MS1303",
      message: `${describeValue(name)} is to be kept, and its state is to be deleted`,
      hint: "take it off one of the two lists",
    }));
  if (state === "delete" && stateDelete.length === 0) {
    findings.unshift({
      code: "MS1301",
      message: "--state delete deletes only what --state-delete names, and it names nothing",
      hint: "name each MicroVM with --state-delete, or choose --state keep or archive",
    });
  }
  if (state !== "delete" && stateDelete.length > 0) {
    findings.unshift({
      code: "MS1302",
      message: `--state-delete goes with --state delete, and the policy is ${state}`,
      hint: "add --state delete, or drop --state-delete",
    });
  }
  return findings;
}

function hostErrors(settings: Settings, host: Host, declared: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = settings.stateDelete
    .filter((name) => declared.has(name))
    .map((name) => ({
      code: "MS1304",
      message: `the state of ${describeValue(name)} is to be deleted, but this host declares it`,
      hint: "remove it from microvm.vms and microvm.autostart first",
    }));
  if (isAtOrBelow(settings.archiveDir, host.stateDir)) {
    findings.push({
      code: "MS1307",
      message: `--archive-dir: ${describeValue(settings.archiveDir)} is in the state directory of this host`,
      hint: `give a directory outside of ${host.stateDir}: what lies there counts as a MicroVM`,
    });
  }
  if (settings.backend === "activation" && !host.activationScripts) {
    findings.push({
      code: "MS1308",
      message: "--backend activation: this host runs no activation scripts",
      hint: "drop --backend, or give --backend service",
    });
  }
  return findings;
}

/** Whether a release of NixOS, such as "25.11", comes before another. Both have two digits twice. */
function isBefore(release: string, other: string): boolean {
  return release < other;
}

/** The first NixOS that stops an instance whose drop-in is gone (nixpkgs pull 512360). */
const STOPS_REMOVED = "26.05";
/** The first NixOS with `system.preSwitchChecks` (nixpkgs pull 236375). */
const HAS_PRE_SWITCH_CHECKS = "25.05";

function hostWarnings(settings: Settings, host: Host, declared: ReadonlySet<string>): Finding[] {
  const { keep, orphans, limit, unitDirs } = settings;
  const findings: Finding[] = keep
    .filter((name) => declared.has(name))
    .map((name) => ({
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
  const readOnly = unitDirs.filter((directory) => isAtOrBelow(directory, "/etc"));
  if (host.etcOverlay === "immutable") {
    findings.push(
      ...readOnly.map((directory) => ({
        code: "MS1311" as const,
        message: `--unit-dir: ${describeValue(directory)} is read-only, because /etc is an immutable overlay on this host`,
        hint: "drop it: the sweep can remove nothing there",
      })),
    );
  }
  return findings;
}

function diagnostics(findings: readonly Finding[], severity: Diagnostic["severity"]): Diagnostic[] {
  return findings.map(({ code, message, hint }) => ({
    code,
    severity,
    pointer: "",
    message,
    hint,
  }));
}

/**
 * Finds what contradicts itself or the host in the settings of a run. They are made of a file, flags and
 * defaults, so a finding has no place in a file: its message names the flag.
 */
export function checkPolicy(settings: Settings, host?: Host): readonly Diagnostic[] {
  const own = diagnostics([...unusableTexts(settings), ...contradictions(settings)], "error");
  if (host === undefined) return own;
  // Most policies name no MicroVM, and most fleets have many.
  const namesSome = settings.keep.length + settings.stateDelete.length > 0;
  const { vms, autostart } = namesSome ? declaredNames(host) : { vms: [], autostart: [] };
  const declared = new Set([...vms, ...autostart]);
  return [
    ...own,
    ...diagnostics(hostErrors(settings, host, declared), "error"),
    ...diagnostics(hostWarnings(settings, host, declared), "warning"),
  ];
}
