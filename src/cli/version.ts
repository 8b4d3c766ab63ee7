/** Put in by the build; absent where the source runs as it is. */
declare const MICROVM_SWEEP_VERSION: string | undefined;

/** The release of this program. */
export const VERSION: string =
  typeof MICROVM_SWEEP_VERSION === "undefined" ? "0.0.0" : MICROVM_SWEEP_VERSION;
