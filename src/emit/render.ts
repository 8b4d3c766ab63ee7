import { invariant } from "../diagnostics/internalError.ts";
import { templates } from "./templates.generated.js";

/** The text of a template of `templates/`, by its file name without extension. */
export function render(name: string, view: object): string {
  const template = templates[name];
  invariant(template !== undefined, `no template ${name}`);
  return template(view);
}
