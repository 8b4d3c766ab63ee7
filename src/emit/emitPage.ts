import type { HostSweep } from "./hostSweep.ts";
import { moduleView } from "./moduleView.ts";
import { render } from "./render.ts";

/** Where a page came from. */
export interface PageOrigin {
  /** The words of the command that makes the page again. */
  readonly command: readonly string[];
  /** What the usage was read from, in words: "the flake `.`", "`usage.json`", "standard input". */
  readonly source: string;
}

/**
 * Renders the page: the NixOS module that an administrator reads, commits and imports. Equal input gives
 * equal text: no date and no path of the machine.
 */
export function emitPage(sweep: HostSweep, origin: PageOrigin): string {
  return render("module", moduleView(sweep, { ...origin, backend: sweep.backend }));
}
