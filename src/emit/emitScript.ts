import type { SweepProgram } from "../sweep/program.ts";
import { bashWord } from "./quote/bashWord.ts";
import { render } from "./render.ts";
import { scriptView } from "./scriptView.ts";

/** Where the script finds what it runs on the host. */
export interface ScriptTarget {
  /** Absolute path of the host's systemctl. */
  readonly systemctl: string;
}

/**
 * The sweep as Bash source: one subshell, to be pasted into an activation script or run by itself.
 * It reads `$systemConfig` (else `/run/current-system`) and `$NIXOS_ACTION` (design, "Rules of the
 * sweep"); its exit status is 1 where a step failed.
 */
export function emitScript(program: SweepProgram, target: ScriptTarget): string {
  return render("script", { ...scriptView(program), systemctl: bashWord(target.systemctl) });
}
