import type { HostSweep } from "./hostSweep.ts";
import { bashWord } from "./quote/bashWord.ts";
import { render } from "./render.ts";
import { scriptView } from "./scriptView.ts";

/**
 * Renders the self-contained script: data and program in one Bash file.
 *
 * @param options.systemctl absolute path of the host's systemctl; found on PATH where it is not given
 */
export function emitScript(
  sweep: HostSweep,
  options: { readonly systemctl?: string } = {},
): string {
  return render("script", {
    ...scriptView(sweep),
    systemctl: bashWord(options.systemctl ?? "/run/current-system/sw/bin/systemctl"),
  });
}
