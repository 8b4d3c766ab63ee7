import { nixString } from "../emit/quote.ts";
import { extractDocument } from "./extract.generated.ts";
import { indentedExpression } from "./indentedExpression.ts";

/**
 * The Nix function, as one self-contained expression, from `nixosConfigurations` to a usage
 * document: what `nix eval --json FLAKE#nixosConfigurations --apply` takes.
 *
 * With `host` the document holds that configuration alone and no other is evaluated; one that is
 * missing is Nix's own error, which names it. Nix names the host in which an evaluation failed
 * under `--show-trace`.
 */
export function documentExpression({ host }: { readonly host?: string } = {}): string {
  if (host === undefined) return extractDocument;
  return `configurations:
let
  extract =
${indentedExpression(extractDocument)};
in
extract { inherit (configurations) ${nixString(host)}; }
`;
}
