import { describeValue } from "../diagnostics/describeValue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { chooseHost, unknownHost } from "./chooseHost.ts";
import type { Fault } from "./Fault.ts";
import type { LineResult } from "./LineResult.ts";
import type { Host } from "./model.ts";
import type { UsageRequest } from "./UsageRequest.ts";
import type { UsageResult } from "./UsageResult.ts";

/** Takes the hosts of JSON Lines one by one, and keeps but the wanted one and the names. */
export class HostChoice {
  private readonly lines = new Map<string, number>();
  private readonly candidates: string[] = [];
  private chosen: { readonly name: string; readonly host: Host } | undefined;
  /** Whether there was a line whose host cannot be told: it may be the wanted one. */
  private someUnnamed = false;
  private readonly request: UsageRequest;

  constructor(request: UsageRequest) {
    this.request = request;
  }

  /** Takes what line `number` says; reports a host that an earlier line has already. */
  offer({ name, line }: LineResult, number: number): Diagnostic[] {
    if (name === undefined) {
      this.someUnnamed = true;
      return [];
    }
    const earlier = this.lines.get(name);
    if (earlier !== undefined) return [this.twice(name, earlier, number)];
    this.lines.set(name, number);
    if (line === undefined) return [];
    const { schemaVersion: _version, host: _name, ...host } = line;
    const wanted =
      this.request.host === undefined ? host.role === "host" : this.request.host === name;
    if (wanted) {
      this.candidates.push(name);
      this.chosen ??= { name, host };
    }
    return [];
  }

  /** The host that is wanted, or why there is none. */
  result(diagnostics: readonly Diagnostic[]): UsageResult {
    if (diagnostics.some(({ severity }) => severity === "error")) {
      return { diagnostics: [...diagnostics, ...this.missing()] };
    }
    if (this.chosen === undefined || this.candidates.length > 1) {
      return { diagnostics: [...diagnostics, ...this.none()] };
    }
    return { host: this.chosen, diagnostics };
  }

  /** That the wanted host is on no line, where that is certain. */
  private missing(): Diagnostic[] {
    const { host: wanted } = this.request;
    if (wanted === undefined || this.someUnnamed || this.lines.has(wanted)) return [];
    return [this.withoutPlace(unknownHost(wanted, [...this.lines.keys()]))];
  }

  private none(): Diagnostic[] {
    const missing = this.missing();
    if (missing.length > 0) return missing;
    // The same words as for a document in one piece, which has all hosts at hand.
    const role = this.candidates.length > 0 ? "host" : "guest";
    const names = this.candidates.length > 0 ? this.candidates : [...this.lines.keys()];
    const { faults } = chooseHost(Object.fromEntries(names.map((name) => [name, { role }])));
    return faults.map((fault) => this.withoutPlace(fault));
  }

  private withoutPlace({ code, message, hint = "" }: Fault): Diagnostic {
    const { file } = this.request;
    return { code, severity: "error", file, pointer: "", message, hint };
  }

  private twice(name: string, first: number, second: number): Diagnostic {
    const place = (line: number) => ({ pointer: "/host", position: { line, column: 1 } });
    return {
      code: "MS1207",
      severity: "error",
      file: this.request.file,
      ...place(second),
      message: `the host ${describeValue(name)} stands on two lines`,
      hint: "remove one of the two",
      related: [{ ...place(first), message: "the first one is here" }],
    };
  }
}
