import { CliFailure } from "./CliFailure.ts";
import { EXIT } from "./exitCode.ts";

/** A fault of the command line; `hint` says what to write instead. */
export function argumentFault(message: string, hint?: string): CliFailure {
  const fault = { code: "MS3001", severity: "error", pointer: "", message } as const;
  return new CliFailure([hint === undefined ? fault : { ...fault, hint }], EXIT.input);
}
