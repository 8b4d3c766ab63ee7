/** Where a run at TIME moves what somebody wrote. */
export const REMOVED = "/var/lib/microvm-sweep/removed";

/** What a run prints, with TIME in the place of the time. */
export function timeless(output: string): string {
  return output.replaceAll(/\d{8}T\d{6}Z/g, "TIME");
}

/** The line of a run that moves these paths. */
export function moving(...paths: readonly string[]): string {
  return `moving unit files to ${REMOVED}/TIME: ${paths.join(", ")}\n`;
}

/** What a real run prints, as a dry run would: `stopping X` is `would stop X`. */
export function asDry(stdout: string): string {
  const verbs: Readonly<Record<string, string>> = {
    stopping: "stop",
    moving: "move",
    removing: "remove",
    reloading: "reload",
    resetting: "reset",
  };
  return timeless(stdout)
    .replaceAll("/TIME: ", ": ")
    .replace(/^(\w+ing) /gm, (_all, verb: string) => `would ${verbs[verb]} `);
}
