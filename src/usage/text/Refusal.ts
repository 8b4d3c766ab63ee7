import type { Fault } from "../Fault.ts";

/** Ends the reading of a text that is beyond a limit; `fault` says which. */
export class Refusal extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}
