import { documentExpression } from "./extractorExpressions.ts";
import { NixFailure } from "./failures.ts";
import { runNix } from "./runNix.ts";

/** What to evaluate. */
export interface FlakeEvaluation {
  /** Flake reference without a fragment. */
  readonly flake: string;
  /** The only host to evaluate. Without it, every configuration of the flake is evaluated. */
  readonly host?: string | undefined;
  /** Options of the user for nix, such as `--impure` or `--override-input NAME REF`. */
  readonly options: readonly string[];
}

/** Needed where the nix.conf of the user does not enable these features. Harmless where it does. */
const FEATURES = ["--extra-experimental-features", "nix-command flakes"];

/**
 * Evaluates a flake with nix and returns the bytes of a usage document. Passes what nix writes to
 * standard error to `onError`, unchanged.
 *
 * @throws NixFailure, Interruption
 */
export async function evaluateFlake(
  { flake, host, options }: FlakeEvaluation,
  onError: (chunk: Uint8Array) => void,
): Promise<Uint8Array> {
  await requireNixVersion();
  const expression = documentExpression(host === undefined ? {} : { host });
  const target = `${flake}#nixosConfigurations`;
  const args = [...FEATURES, "eval", "--json", target, "--apply", expression, ...options];
  const { succeeded, ending, output } = await runNix(args, onError);
  if (!succeeded) throw new NixFailure("failed", `nix could not evaluate ${flake} (${ending})`);
  return Buffer.concat(output);
}

/** The first Nix with `nix eval --apply` and all builtins of the extractor. */
const OLDEST = { major: 2, minor: 8 };

/**
 * Refuses a Nix older than 2.8, because its own error would not say that it is too old. Accepts output
 * without a version, because Lix and others write other words.
 *
 * @throws NixFailure
 */
export async function requireNixVersion(): Promise<void> {
  const { output } = await runNix(["--version"], () => {});
  const text = Buffer.concat(output).toString("utf8").trim();
  const found = /(\d+)\.(\d+)\S*$/.exec(text);
  if (found === null) return;
  const [version, major, minor] = [found[0], Number(found[1]), Number(found[2])];
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new NixFailure(
    "too-old",
    `Nix ${version} is too old: ${OLDEST.major}.${OLDEST.minor} or newer is needed`,
  );
}
