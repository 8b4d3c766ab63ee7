import { describeValue } from "../diagnostics/describeValue.ts";
import { didYouMean } from "../diagnostics/didYouMean.ts";
import type { Fault } from "./Fault.ts";
import type { Host } from "./model.ts";

/** Names for a message: enough of them to recognise the document. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(describeValue);
  return names.length > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}

function fault(code: Fault["code"], message: string, hint: string): Fault {
  return { code, pointer: "/hosts", at: "value", message, hint };
}

/**
 * A guest that is named: a mistake where it runs no MicroVMs itself; where it does, it is a host in a
 * guest, and only worth a warning.
 */
export function guestFaults(name: string, host: unknown, at: string): Fault[] {
  const { role, hostModule } = Object(host);
  if (role !== "guest") return [];
  const nested = hostModule !== "absent";
  return [
    {
      code: "MS1204",
      severity: nested ? "warning" : "error",
      pointer: `${at}/role`,
      at: "value",
      message: `${describeValue(name)} is itself a MicroVM${nested ? "" : ", and runs none"}`,
      hint: "the sweep is for the host that runs it: name that one",
    },
  ];
}

/** The fault of a name that is none of the document's. */
export function unknownHost(wanted: string, names: readonly string[]): Fault {
  const message = `the document has no host ${describeValue(wanted)}`;
  return fault("MS1201", message, didYouMean(wanted, names));
}

/**
 * The name of the wanted host, or of the only one that is not a guest (design, "The usage document");
 * or why there is none.
 */
export function chooseHost(
  hosts: Readonly<Record<string, Pick<Host, "role">>>,
  wanted?: string,
): { readonly name?: string; readonly faults: readonly Fault[] } {
  const names = Object.keys(hosts);
  const none = (message: string, hint: string) => ({ faults: [fault("MS1202", message, hint)] });
  if (names.length === 0) {
    return none("the document has no host", "evaluate a flake with nixosConfigurations");
  }
  if (wanted !== undefined) {
    return Object.hasOwn(hosts, wanted)
      ? { name: wanted, faults: [] }
      : { faults: [unknownHost(wanted, names)] };
  }
  const [name, ...others] = names.filter((host) => hosts[host]?.role === "host");
  if (name === undefined) {
    return none(`the document has MicroVMs alone: ${some(names)}`, "name one with --host");
  }
  if (others.length === 0) return { name, faults: [] };
  const message = `the document has several hosts: ${some([name, ...others])}`;
  return { faults: [fault("MS1203", message, "name one with --host")] };
}
