import { type Diagnostic, isError } from "../diagnostics/diagnostic.ts";
import { EXIT } from "../diagnostics/failure.ts";
import { LIMITS, sortAndLimit } from "../json/fault.ts";

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

  /** All that was found, errors first, and the exit status that it comes to. */
  result(file: string, moves: readonly Diagnostic[], judge: Judge): FleetResult {
    const warnings = judge([...this.#collectWarnings(), ...moves]);
    const diagnostics = [...sortAndLimit(this.#errors, file), ...sortAndLimit(warnings, file)];
    if (this.#isEvaluationError) return { diagnostics, status: EXIT.command };
    const isFailure = this.#failed.size > 0 || [...this.#errors, ...warnings].some(isError);
    return { diagnostics, status: isFailure ? EXIT.input : EXIT.done };
  }
}

/** Makes warnings errors where the user wants that. */
export type Judge = (diagnostics: readonly Diagnostic[]) => readonly Diagnostic[];

/** What a run over all hosts comes to. */
export interface FleetResult {
  readonly diagnostics: readonly Diagnostic[];
  readonly status: number;
}
