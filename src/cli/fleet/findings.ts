import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { LIMITS, sortAndLimit } from "../../json/fault.ts";
import { EXIT } from "../failure.ts";
import type { Messages } from "../messages.ts";

/** What a run over all hosts has found wrong. */
export class Findings {
  readonly #errors: Diagnostic[] = [];
  readonly #warnings = new Map<string, { first: Diagnostic; hosts: string[] }>();
  readonly #failed = new Set<string>();
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
    this.addErrors(diagnostics);
  }

  failEvaluation(): void {
    this.#isEvaluationError = true;
  }

  /** Keeps as many errors as anybody looks at. */
  addErrors(diagnostics: readonly Diagnostic[]): void {
    this.#errors.push(...diagnostics.slice(0, LIMITS.faults - this.#errors.length));
  }

  /** Notes a warning about a host: what is said of many hosts is said once. */
  warn(name: string, diagnostic: Diagnostic): void {
    const same = this.#warnings.get(diagnostic.message);
    if (same !== undefined) same.hosts.push(name);
    else if (this.#warnings.size < LIMITS.faults) {
      this.#warnings.set(diagnostic.message, { first: diagnostic, hosts: [name] });
    }
  }

  #collectWarnings(): readonly Diagnostic[] {
    return [...this.#warnings.values()].map(({ first, hosts }) => {
      const more = hosts.length - 1;
      const others = more === 0 ? "" : ` and ${more} more host${more === 1 ? "" : "s"}`;
      return { ...first, message: `${hosts[0]}${others}: ${first.message}` };
    });
  }

  /** Prints errors and then warnings, and returns the exit status that they come to. */
  report(file: string, moves: readonly Diagnostic[], messages: Messages): number {
    const warnings = messages.judge([...this.#collectWarnings(), ...moves]);
    messages.report([...sortAndLimit(this.#errors, file), ...sortAndLimit(warnings, file)]);
    if (this.#isEvaluationError) return EXIT.command;
    const isError = ({ severity }: Diagnostic) => severity === "error";
    const isFailure = this.#errors.some(isError) || warnings.some(isError) || this.#failed.size > 0;
    return isFailure ? EXIT.input : EXIT.done;
  }
}
