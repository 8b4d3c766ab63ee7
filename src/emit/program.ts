import { invariant } from "../diagnostics/internalError.ts";
import { programs } from "./programs.generated.js";

/** The name of the program's file, which lies beside the page. */
export const PROGRAM_FILE = "microvm-sweep.bash";

/** The text of the program: the same bytes for every host and policy of a release. */
export function programText(): string {
  const text = programs["microvm-sweep"];
  invariant(text !== undefined, "no program in templates/");
  return text;
}

/** The release of microvm-sweep, which is stamped into the program. */
export function release(): string {
  const stamp = /^release=(.+)$/m.exec(programText())?.[1];
  invariant(stamp !== undefined, "the program has no release");
  return stamp;
}
