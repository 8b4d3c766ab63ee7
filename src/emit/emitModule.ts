import type { SweepProgram } from "../sweep/program.ts";
import { moduleView } from "./moduleView.ts";
import type { Provenance } from "./provenance.ts";
import { render } from "./render.ts";

/**
 * The NixOS module that an administrator reads, commits and imports (design, "The emitted module"),
 * in the format of nixfmt. Equal input gives equal text: no date, no version, no path of the machine.
 */
export function emitModule(program: SweepProgram, provenance: Provenance): string {
  return render("module", moduleView(program, provenance));
}
