import { nixString } from "../emit/quote.ts";
import { extractDocument, extractHostLine } from "./extract.generated.ts";

/**
 * Writes the Nix function from `nixosConfigurations` to a usage document, for
 * `nix eval --json FLAKE#nixosConfigurations --apply`.
 *
 * With `host` the document has only that configuration, and Nix evaluates no other. Where it does not
 * exist, Nix fails and names it.
 */
export function documentExpression({ host }: { readonly host?: string } = {}): string {
  if (host === undefined) return extractDocument;
  return withExtractor(extractDocument, `extract { inherit (configurations) ${nixString(host)}; }`);
}

/**
 * Writes the Nix function from `nixosConfigurations` to the line of one host in JSON Lines. Nix evaluates
 * no other configuration, so that a fleet needs only as much memory as its largest host.
 */
export function hostLineExpression(host: string): string {
  const name = nixString(host);
  return withExtractor(extractHostLine, `extract ${name} configurations.${name}`);
}

/** The extractors have no multi-line strings, so indentation does not change them. */
function withExtractor(extractor: string, body: string): string {
  const indented = extractor.trimEnd().replace(/^(?=.)/gmu, "    ");
  return `configurations:\nlet\n  extract =\n${indented};\nin\n${body}\n`;
}

/**
 * Writes the command that prints the usage of every host of the flake here, one line each. A host is
 * wrapped in a derivation that costs nothing, because `--apply` runs on derivations only; the host is
 * evaluated for its usage, so that one that fails is one line with an error.
 */
export function nixEvalJobsCommand(): string {
  const wrapped =
    'derivation { name = "usage"; system = "x"; builder = "/x"; } // { usage = extract name host; }';
  const body = `builtins.mapAttrs (name: host: ${wrapped}) configurations`;
  const select = withExtractor(extractHostLine, body).trimEnd().replaceAll("'", "'\\''");
  return `nix-eval-jobs --flake .#nixosConfigurations --no-instantiate \\
  --select '${select}' \\
  --apply 'd: d.usage'
`;
}
