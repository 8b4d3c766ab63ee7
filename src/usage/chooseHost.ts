import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { describeValue, didYouMean } from "../diagnostics/wording.ts";
import type { Fault } from "../json/fault.ts";
import type { Host, HostLine } from "./model.ts";

/** The usage to read, and the host that is wanted from it. */
export interface UsageRequest {
  /** Name of the input as the user gave it, for messages. */
  readonly file: string;
  readonly format: "json" | "json-lines";
  /** Name of the wanted host. Default: the only host that is not a guest. */
  readonly host?: string;
  /** The release of microvm-sweep that reads, for the message about a newer document. */
  readonly version: string;
}

/** The wanted host, and all diagnostics. The host is missing where one of them is an error. */
export interface UsageResult {
  readonly host?: { readonly name: string; readonly host: Host };
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Chooses the wanted host of a document, or the only one that is not a guest. `name` is missing where
 * there is no such host.
 */
export function chooseHost(
  hosts: Readonly<Record<string, Pick<Host, "role">>>,
  wanted?: string,
): { readonly name?: string; readonly faults: readonly Fault[] } {
  const names = Object.keys(hosts);
  if (names.length === 0) {
    return noHost("the document has no host", "evaluate a flake with nixosConfigurations");
  }
  if (wanted !== undefined) {
    return Object.hasOwn(hosts, wanted)
      ? { name: wanted, faults: [] }
      : { faults: [unknownHost(wanted, names)] };
  }
  const [name, ...others] = names.filter((host) => hosts[host]?.role === "host");
  if (name === undefined) {
    return noHost(`all hosts of the document are MicroVMs: ${list(names)}`, "name one with --host");
  }
  if (others.length === 0) return { name, faults: [] };
  const message = `the document has several hosts: ${list([name, ...others])}`;
  return { faults: [choiceFault("MS1203", message, "name one with --host")] };
}

function noHost(message: string, hint: string): { readonly faults: readonly Fault[] } {
  return { faults: [choiceFault("MS1202", message, hint)] };
}

/** Reports a wanted host that the document does not have. */
export function unknownHost(wanted: string, names: readonly string[]): Fault {
  const message = `the document has no host ${describeValue(wanted)}`;
  return choiceFault("MS1201", message, didYouMean(wanted, names));
}

/**
 * Reports a wanted host at the JSON Pointer `at` that is itself a MicroVM. It is an error where it runs
 * no MicroVMs of its own, and a warning where it is a host as well.
 */
export function guestFaults(name: string, host: unknown, at: string): Fault[] {
  const { role, hostModule } = Object(host);
  if (role !== "guest") return [];
  const isHostToo = hostModule !== "absent";
  return [
    {
      code: "MS1204",
      severity: isHostToo ? "warning" : "error",
      pointer: `${at}/role`,
      at: "value",
      message: `${describeValue(name)} is itself a MicroVM${isHostToo ? "" : ", and runs none"}`,
      hint: "name the host that runs it",
    },
  ];
}

/**
 * Chooses a host while JSON Lines are read: keeps the names of all hosts, and only the wanted host
 * itself, so that memory does not grow with the MicroVMs of a fleet.
 */
export class FleetChoice {
  private readonly lines = new Map<string, number>();
  private readonly candidates: string[] = [];
  private chosen: { readonly name: string; readonly host: Host } | undefined;
  /** Whether a line had no readable name. The wanted host may be on it. */
  private hasUnnamed = false;
  private readonly request: UsageRequest;

  constructor(request: UsageRequest) {
    this.request = request;
  }

  /**
   * Takes the host of line `number`. `name` is missing where it could not be read, and `line` where the
   * host has an error. Reports a host that an earlier line has.
   */
  add(name: string | undefined, line: HostLine | undefined, number: number): Diagnostic[] {
    if (name === undefined) {
      this.hasUnnamed = true;
      return [];
    }
    const earlier = this.lines.get(name);
    if (earlier !== undefined) return [secondLine(name, this.request.file, earlier, number)];
    this.lines.set(name, number);
    if (line === undefined) return [];
    const { schemaVersion: _version, host: _name, ...host } = line;
    const { host: wanted } = this.request;
    if (wanted === undefined ? host.role === "host" : wanted === name) {
      this.candidates.push(name);
      this.chosen ??= { name, host };
    }
    return [];
  }

  /** Returns the wanted host, or reports why there is none. `diagnostics` are those of the lines. */
  result(diagnostics: readonly Diagnostic[]): UsageResult {
    if (diagnostics.some(({ severity }) => severity === "error")) {
      return { diagnostics: [...diagnostics, ...this.unknownHost()] };
    }
    if (this.chosen === undefined || this.candidates.length > 1) {
      return { diagnostics: [...diagnostics, ...this.noChoice()] };
    }
    return { host: this.chosen, diagnostics };
  }

  /** Reports that no line has the wanted host, where that is certain. */
  private unknownHost(): Diagnostic[] {
    const { host: wanted } = this.request;
    if (wanted === undefined || this.hasUnnamed || this.lines.has(wanted)) return [];
    return [this.withoutPlace(unknownHost(wanted, [...this.lines.keys()]))];
  }

  /** Reports why there is no choice, in the words of `chooseHost`. */
  private noChoice(): Diagnostic[] {
    const unknown = this.unknownHost();
    if (unknown.length > 0) return unknown;
    const role = this.candidates.length > 0 ? "host" : "guest";
    const names = this.candidates.length > 0 ? this.candidates : [...this.lines.keys()];
    const { faults } = chooseHost(Object.fromEntries(names.map((name) => [name, { role }])));
    return faults.map((fault) => this.withoutPlace(fault));
  }

  private withoutPlace({ code, message, hint = "" }: Fault): Diagnostic {
    const { file } = this.request;
    return { code, severity: "error", file, pointer: "", message, hint };
  }
}

/** Reports a host that two lines of an input have, at the second of them. */
export function secondLine(name: string, file: string, first: number, second: number): Diagnostic {
  const place = (line: number) => ({ pointer: "/host", position: { line, column: 1 } });
  return {
    code: "MS1207",
    severity: "error",
    file,
    ...place(second),
    message: `two lines have the host ${describeValue(name)}`,
    hint: "remove one of the two",
    related: [{ ...place(first), message: "the first one is here" }],
  };
}

/** Lists enough names in a message to recognise the document. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(describeValue);
  return names.length > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}

function choiceFault(code: Fault["code"], message: string, hint: string): Fault {
  return { code, pointer: "/hosts", at: "value", message, hint };
}
