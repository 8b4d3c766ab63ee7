import { invariant } from "../diagnostics/internalError.ts";
import {
  declaredArguments,
  type HostSweep,
  programText,
  release,
  settingArguments,
} from "./program.ts";
import { bashWord, comment } from "./quote.ts";
import { templates } from "./templates.generated.js";

/**
 * Renders the self-contained script: one Bash file that holds the data of a host and the program. Run
 * with arguments it is `sweep-microvms`. Sourced, or run without arguments, it does what the
 * activation script does.
 *
 * @param options.systemctl absolute path of the host's systemctl; found on PATH where it is not given
 */
export function emitScript(
  sweep: HostSweep,
  { systemctl }: { readonly systemctl?: string } = {},
): string {
  const template = templates["script"];
  const program = programText();
  invariant(template !== undefined, "no template script");
  invariant(!program.includes("\nEND_OF_PROGRAM\n"), "the program has the line that ends it");
  const words = [
    ...settingArguments(sweep),
    ...declaredArguments(sweep),
    ...(systemctl === undefined ? [] : [`--systemctl=${systemctl}`]),
  ];
  return template({
    hostName: comment(sweep.hostName),
    program: program.trimEnd(),
    words: [`--release=${release()}`, ...words].map(bashWord),
  });
}

/** The shells that there is completion for, and where below `share` each looks for the file of a program. */
export const SHELLS = {
  bash: (program: string) => `bash-completion/completions/${program}`,
  zsh: (program: string) => `zsh/site-functions/_${program}`,
  fish: (program: string) => `fish/vendor_completions.d/${program}.fish`,
} as const;

export type Shell = keyof typeof SHELLS;

/** Renders what a shell reads to complete a program that answers `complete`. */
export function emitCompletion(shell: Shell, program: string): string {
  const template = templates[`completion-${shell}`];
  invariant(template !== undefined, `no template completion-${shell}`);
  return template({ program, function: `_${program.replaceAll("-", "_")}` });
}
