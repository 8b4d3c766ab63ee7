import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/didYouMean.ts";
import { chooseHost, guestFaults } from "./chooseHost.ts";
import type { Host, HostLine } from "./model.ts";
import type { UsageRequest, UsageResult } from "./readUsage.ts";

/** Takes the hosts of JSON Lines one by one, and keeps but the wanted one and the names. */
export class HostChoice {
  private readonly lines = new Map<string, number>();
  private readonly candidates: string[] = [];
  private chosen: { name: string; host: Host; line: number } | undefined;
  private readonly request: UsageRequest;

  constructor(request: UsageRequest) {
    this.request = request;
  }

  /** Takes the host on line `number`; reports one that an earlier line has already. */
  offer({ schemaVersion: _version, host: name, ...host }: HostLine, number: number): Diagnostic[] {
    const earlier = this.lines.get(name);
    if (earlier !== undefined) return [this.twice(name, earlier, number)];
    this.lines.set(name, number);
    const wanted =
      this.request.host === undefined ? host.role === "host" : this.request.host === name;
    if (wanted) {
      this.candidates.push(name);
      this.chosen ??= { name, host, line: number };
    }
    return [];
  }

  /** The host that is wanted, or why there is none. */
  result(diagnostics: readonly Diagnostic[]): UsageResult {
    if (diagnostics.length > 0) return { diagnostics };
    if (this.chosen === undefined || this.candidates.length > 1)
      return { diagnostics: [this.none()] };
    const { name, host, line } = this.chosen;
    const faults = guestFaults(name, host, "").map(({ at: _at, ...fault }) => ({
      severity: "error" as const,
      ...fault,
      file: this.request.file,
      position: { line, column: 1 },
      related: [],
    }));
    return { host: { name, host }, diagnostics: faults };
  }

  private none(): Diagnostic {
    const { file, host: wanted } = this.request;
    const names = [...this.lines.keys()];
    const common = { severity: "error", file, pointer: "" } as const;
    if (wanted !== undefined && names.length > 0) {
      const message = `the document has no host ${JSON.stringify(wanted)}`;
      return { ...common, code: "MS1201", message, hint: didYouMean(wanted, names) };
    }
    // The same words as for a document in one piece, which has all hosts at hand.
    const role = this.candidates.length > 0 ? "host" : "guest";
    const named = this.candidates.length > 0 ? this.candidates : names;
    const hosts = Object.fromEntries(named.map((name) => [name, { role } as Host]));
    const { faults } = chooseHost(hosts);
    const { code = "MS1202", message = "", hint = "" } = faults[0] ?? {};
    return { ...common, code, message, hint };
  }

  private twice(name: string, first: number, second: number): Diagnostic {
    return {
      code: "MS1207",
      severity: "error",
      file: this.request.file,
      pointer: "/host",
      position: { line: second, column: 1 },
      message: `the host ${JSON.stringify(name)} stands on two lines`,
      hint: "remove one of the two",
      related: [
        {
          message: "the first one is here",
          pointer: "/host",
          position: { line: first, column: 1 },
        },
      ],
    };
  }
}
