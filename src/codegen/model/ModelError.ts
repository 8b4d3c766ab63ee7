/** One fault of the model file, at a line. */
export interface ModelFault {
  /** `file:line`, which editors and terminals turn into a link. */
  readonly place: string;
  readonly message: string;
}

/** The model file says something that the code generator cannot use. Lists every fault at once. */
export class ModelError extends Error {
  readonly faults: readonly ModelFault[];

  constructor(faults: readonly ModelFault[]) {
    super(faults.map(({ place, message }) => `${place}: ${message}`).join("\n"));
    this.name = "ModelError";
    this.faults = faults;
  }
}
