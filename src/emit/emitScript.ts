import { invariant } from "../diagnostics/internalError.ts";
import { declaredArguments, type HostSweep, settingArguments } from "./hostSweep.ts";
import { programText, release } from "./program.ts";
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
