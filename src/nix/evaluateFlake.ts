import { documentExpression } from "./documentExpression.ts";
import { NixFailure } from "./NixFailure.ts";
import { requireNixVersion } from "./requireNixVersion.ts";
import { runNix } from "./runNix.ts";

/** What to evaluate. */
export interface FlakeEvaluation {
  /** Flake reference without a fragment. */
  readonly flake: string;
  /** The one host to look at; without it every configuration of the flake is evaluated. */
  readonly host?: string | undefined;
  /** Options of the user's for nix, such as `--impure` or `--override-input NAME REF`. */
  readonly options: readonly string[];
}

/** Needed where the user's nix.conf does not enable them; harmless where it does. */
const FEATURES = ["--extra-experimental-features", "nix-command flakes"];

/** The arguments of nix that print the usage document of a flake. */
function evaluationArguments({ flake, host, options }: FlakeEvaluation): string[] {
  const expression = documentExpression(host === undefined ? {} : { host });
  const target = `${flake}#nixosConfigurations`;
  return [...FEATURES, "eval", "--json", target, "--apply", expression, ...options];
}

/**
 * Evaluates a flake with nix into the bytes of a usage document. What nix writes to standard error
 * goes to `onError` unchanged.
 *
 * @throws NixFailure, Interruption
 */
export async function evaluateFlake(
  evaluation: FlakeEvaluation,
  onError: (chunk: Uint8Array) => void,
): Promise<Uint8Array> {
  await requireNixVersion();
  const { succeeded, ending, output } = await runNix(evaluationArguments(evaluation), onError);
  if (!succeeded) {
    throw new NixFailure("failed", `nix could not evaluate ${evaluation.flake} (${ending})`);
  }
  return Buffer.concat(output);
}
