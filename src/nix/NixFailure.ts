/** Why nix gave no result. */
export type NixFault = "missing" | "too-old" | "failed";

/** nix is not there, is too old, or ended with an error, which it has then told the user itself. */
export class NixFailure extends Error {
  readonly fault: NixFault;

  constructor(fault: NixFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
