import { invariant } from "../diagnostics/invariant.ts";
import { programs } from "./templates.generated.js";

/** The text of `microvm-sweep.bash`: the same for every host and policy of a release. */
export function programText(): string {
  const text = programs["microvm-sweep"];
  invariant(text !== undefined, "no program microvm-sweep");
  return text;
}

/** The release that the program names. It refuses the arguments of another. */
export function programRelease(): string {
  const release = /^release=([0-9.]+)$/m.exec(programText())?.[1];
  invariant(release !== undefined, "the program does not name its release");
  return release;
}
