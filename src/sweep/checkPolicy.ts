import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { describeValue } from "../diagnostics/describeValue.ts";
import type { Diagnostic, Severity } from "../diagnostics/diagnostic.ts";
import type { Host } from "../usage/model.ts";
import { instanceNameFault } from "./instanceNameFault.ts";
import type { Policy } from "./policy.ts";
import { unitDirectoryFault } from "./unitDirectoryFault.ts";

function diagnostic(
  code: DiagnosticCode,
  message: string,
  hint: string,
  severity: Severity = "error",
): Diagnostic {
  return { code, severity, pointer: "", message, hint };
}

function nameFaults({ keep, stateDelete }: Policy): Diagnostic[] {
  const check = (flag: string) => (name: string) => {
    const reason = instanceNameFault(name);
    if (reason === undefined) return [];
    const message = `${flag}: no unit can have the instance name ${describeValue(name)}: ${reason}`;
    return [diagnostic("MS1205", message, "name a MicroVM as its units do")];
  };
  return [...keep.flatMap(check("--keep")), ...stateDelete.flatMap(check("--state-delete"))];
}

function directoryFaults({ unitDirs }: Policy): Diagnostic[] {
  return unitDirs.flatMap((path) => {
    const reason = unitDirectoryFault(path);
    if (reason === undefined) return [];
    const message = `--unit-dir: ${describeValue(path)} cannot be a unit directory: ${reason}`;
    return [
      diagnostic("MS1306", message, "give an absolute, normalised path outside of /nix/store"),
    ];
  });
}

function deletionFaults({ state, stateDelete, keep }: Policy): Diagnostic[] {
  const both = stateDelete.filter((name) => keep.includes(name));
  return [
    ...(state === "delete" && stateDelete.length === 0
      ? [
          diagnostic(
            "MS1301",
            "--state delete deletes only what --state-delete names, and it names nothing",
            "name each MicroVM with --state-delete, or choose --state keep or archive",
          ),
        ]
      : []),
    ...(state !== "delete" && stateDelete.length > 0
      ? [
          diagnostic(
            "MS1302",
            `--state-delete goes with --state delete, and the policy is ${state}`,
            "add --state delete, or drop --state-delete",
          ),
        ]
      : []),
    ...both.map((name) =>
      diagnostic(
        "MS1303",
        `${describeValue(name)} is to be kept, and its state is to be deleted`,
        "take it off one of the two lists",
      ),
    ),
  ];
}

function declaredFaults({ keep, stateDelete }: Policy, host: Host): Diagnostic[] {
  const declared = new Set([...Object.keys(host.vms), ...host.autostart]);
  const isDeclared = (name: string) => declared.has(name);
  return [
    ...stateDelete
      .filter(isDeclared)
      .map((name) =>
        diagnostic(
          "MS1304",
          `the state of ${describeValue(name)} is to be deleted, but this host declares it`,
          "remove it from microvm.vms and microvm.autostart first",
        ),
      ),
    ...keep
      .filter(isDeclared)
      .map((name) =>
        diagnostic(
          "MS1305",
          `${describeValue(name)} is on the keep list, but this host declares it`,
          "drop it from the list: what is declared is never touched",
          "warning",
        ),
      ),
  ];
}

/**
 * What contradicts itself or the host in the policy of a run. It is made of a file, flags and defaults,
 * so nothing of it has a place: messages name the flag.
 */
export function checkPolicy(policy: Policy, host?: Host): readonly Diagnostic[] {
  return [
    ...nameFaults(policy),
    ...directoryFaults(policy),
    ...deletionFaults(policy),
    ...(host === undefined ? [] : declaredFaults(policy, host)),
  ];
}
