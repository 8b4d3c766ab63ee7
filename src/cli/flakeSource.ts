import { evaluateFlake, parseFlakeReference } from "../nix/evaluateFlake.ts";
import { NixFailure } from "../nix/runNix.ts";
import { argumentFault } from "./argumentFault.ts";
import { CliFailure } from "./CliFailure.ts";
import { EXIT } from "./exitCode.ts";
import type { Messages } from "./messages/Messages.ts";

/** A flake as the command line names it. */
export interface FlakeArguments {
  readonly flake: string;
  readonly host: string | undefined;
}

/** The flake reference and the host of `--flake REF#HOST` and `--host`. */
export function flakeArguments(reference: string, host: string | undefined): FlakeArguments {
  const { flake, fragment } = parseFlakeReference(reference);
  if (flake === "") throw argumentFault("--flake names no flake", "the flake here is: --flake .");
  if (flake.startsWith("-")) throw argumentFault(`--flake takes a flake reference, not ${flake}`);
  if (fragment === undefined || fragment === host) return { flake, host };
  if (host !== undefined) {
    throw argumentFault(`--flake names the host ${fragment} and --host names ${host}`);
  }
  if (fragment.startsWith("nixosConfigurations.")) {
    const name = fragment.slice("nixosConfigurations.".length);
    throw argumentFault(
      "--flake takes the name of a host after #",
      `write --flake ${flake}#${name}`,
    );
  }
  return { flake, host: fragment };
}

const HINTS = {
  missing: "install Nix, or evaluate elsewhere and give the result with --usage",
  "too-old": "upgrade Nix, or evaluate with a newer one and give the result with --usage",
  failed: undefined,
} as const;
const CODES = { missing: "MS3101", "too-old": "MS3102", failed: "MS3103" } as const;

function commandFailure({ kind, message }: NixFailure): CliFailure {
  const hint = HINTS[kind];
  const diagnostic = { code: CODES[kind], severity: "error", pointer: "", message } as const;
  return new CliFailure([hint === undefined ? diagnostic : { ...diagnostic, hint }], EXIT.command);
}

/** The bytes of the usage document that nix makes of a flake. */
export async function evaluateArguments(
  { flake, host }: FlakeArguments,
  options: readonly string[],
  messages: Messages,
): Promise<Uint8Array> {
  const what = host === undefined ? flake : `${host} of ${flake}`;
  try {
    return await messages.during(`evaluating ${what}`, (pass) =>
      evaluateFlake({ flake, host, options }, pass),
    );
  } catch (error) {
    if (error instanceof NixFailure) throw commandFailure(error);
    throw error;
  }
}
