/**
 * What the program's exit status says (design, "Shape of the code"). A run that a signal ends exits
 * with 128 and the signal's number, as a shell reports it.
 */
export const EXIT = {
  done: 0,
  /** `check` found that the file is not what would be generated now. */
  difference: 1,
  /** Bad input or arguments, or an output that cannot be written. */
  input: 2,
  /** An outside command, such as nix, is missing or failed. */
  command: 3,
  /** A fault of this program: EX_SOFTWARE of sysexits.h, so that no script takes it for one of the above. */
  internal: 70,
} as const;
