import { policyArguments } from "../policy/policy.ts";
import type { HostSweep } from "./hostSweep.ts";
import { programText } from "./program.ts";
import { bashWords } from "./quote/bashWords.ts";

/**
 * Renders the self-contained script: data and program in one Bash file. A draft: the real one comes with
 * the rest of `src/emit`.
 *
 * @param options.systemctl absolute path of the host's systemctl; found on PATH where it is not given
 */
export function emitScript(
  sweep: HostSweep,
  { systemctl }: { readonly systemctl?: string } = {},
): string {
  const data = [
    `--host=${sweep.hostName}`,
    ...sweep.vms.map((name) => `--vm=${name}`),
    ...sweep.autostart.map((name) => `--autostart=${name}`),
    ...(systemctl === undefined ? [] : [`--systemctl=${systemctl}`]),
    ...policyArguments(sweep.policy),
  ];
  return `data=${bashWords(data)}\n${programText()}`;
}
