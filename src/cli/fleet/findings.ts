import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { LIMITS, sortAndLimit } from "../../json/fault.ts";
import { EXIT } from "../failure.ts";
import type { Messages } from "../messages.ts";

/** What a run over all hosts has found wrong. */
export class Findings {
  readonly #errors: Diagnostic[] = [];
  readonly #warnings = new Map<string, { first: Diagnostic; hosts: string[] }>();
  readonly #failed = new Set<string>();
  #dropped = 0;
  #isEvaluationError = false;
  /** Whether a host of the input has no name: nobody knows which hosts have left. */
  isIncomplete = false;

  /** The hosts, or lines, that failed. */
  get failed(): readonly string[] {
    return [...this.#failed];
  }

  hasFailed(name: string): boolean {
    return this.#failed.has(name);
  }

  /** Notes that a host, or a line without a name, failed. */
  fail(name: string, diagnostics: readonly Diagnostic[]): void {
    this.#failed.add(name);
    this.add(diagnostics);
  }

  failEvaluation(): void {
    this.#isEvaluationError = true;
  }

  add(diagnostics: readonly Diagnostic[]): void {
    const room = LIMITS.faults - this.#errors.length;
    this.#errors.push(...diagnostics.slice(0, room));
    this.#dropped += Math.max(0, diagnostics.length - room);
  }

  /** Notes a warning of the policy about a host: what is said of many hosts is said once. */
  warn(name: string, diagnostic: Diagnostic): void {
    const same = this.#warnings.get(diagnostic.message);
    if (same === undefined) {
      this.#warnings.set(diagnostic.message, { first: diagnostic, hosts: [name] });
    } else same.hosts.push(name);
  }

  #all(): readonly Diagnostic[] {
    const warnings = [...this.#warnings.values()].map(({ first, hosts }) => {
      const more = hosts.length - 1;
      const others = more === 0 ? "" : ` and ${more} more host${more === 1 ? "" : "s"}`;
      return { ...first, message: `${hosts[0]}${others}: ${first.message}` };
    });
    return [...this.#errors, ...warnings];
  }

  /** Prints everything, and returns the exit status that it comes to. */
  report(file: string, messages: Messages): number {
    const judged = messages.judge(this.#all());
    messages.report(sortAndLimit(judged, file));
    if (this.#isEvaluationError) return EXIT.command;
    const hasError = judged.some(({ severity }) => severity === "error");
    return hasError || this.#failed.size + this.#dropped > 0 ? EXIT.input : EXIT.done;
  }
}
