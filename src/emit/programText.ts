import { invariant } from "../diagnostics/invariant.ts";
import { programs } from "./templates.generated.js";

/** The text of `microvm-sweep.bash`: the same for every host and policy of a release. */
export function programText(): string {
  const text = programs["microvm-sweep"];
  invariant(text !== undefined, "no program microvm-sweep");
  return text;
}
