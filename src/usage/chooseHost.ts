import { didYouMean } from "../diagnostics/didYouMean.ts";
import type { Fault } from "./Fault.ts";
import type { Host } from "./model.ts";
import { pointer } from "./text/pointer.ts";

interface Choice {
  readonly host?: { readonly name: string; readonly host: Host };
  readonly faults: readonly Fault[];
}

/** Names for a message: enough of them to recognise the document. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => JSON.stringify(name));
  return names.length > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}

function fault(code: Fault["code"], message: string, hint: string): Choice {
  return { faults: [{ code, pointer: "/hosts", at: "value", message, hint }] };
}

/**
 * A guest that is named: a mistake where it runs no MicroVMs itself; where it does, it is a host in a
 * guest, and only worth a warning.
 */
export function guestFaults(name: string, host: Host, at: string): Fault[] {
  if (host.role !== "guest") return [];
  const nested = host.hostModule !== "absent";
  return [
    {
      code: "MS1204",
      severity: nested ? "warning" : "error",
      pointer: `${at}/role`,
      at: "value",
      message: `${JSON.stringify(name)} is itself a MicroVM${nested ? "" : ", and runs none"}`,
      hint: "the sweep is for the host that runs it: name that one",
    },
  ];
}

/** Picks the named host, or the only one that is not a guest (design, "The usage document"). */
export function chooseHost(hosts: Readonly<Record<string, Host>>, wanted?: string): Choice {
  const names = Object.keys(hosts);
  if (names.length === 0) {
    return fault("MS1202", "the document has no host", "evaluate a flake with nixosConfigurations");
  }
  const candidates =
    wanted === undefined ? names.filter((name) => hosts[name]?.role === "host") : [wanted];
  if (candidates.length === 0) {
    return fault(
      "MS1202",
      "every configuration of the document is a MicroVM",
      "name one with --host",
    );
  }
  if (candidates.length > 1) {
    return fault(
      "MS1203",
      `the document has several hosts: ${some(candidates)}`,
      "name one with --host",
    );
  }
  const name = candidates[0] ?? "";
  const host = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  if (host === undefined) {
    return fault(
      "MS1201",
      `the document has no host ${JSON.stringify(name)}`,
      didYouMean(name, names),
    );
  }
  return { host: { name, host }, faults: guestFaults(name, host, `/hosts${pointer([name])}`) };
}
