import { bashWord, nixString } from "../page/quote.ts";
import { EXTRACT } from "./extract.generated.js";

/** Where a flake has its NixOS configurations unless the user says otherwise. */
export const CONFIGURATIONS = "nixosConfigurations";

/**
 * Writes the Nix function from NixOS configurations by name to a usage document, for
 * `nix eval --json FLAKE#nixosConfigurations --apply`.
 *
 * With `host` the document has only that configuration, and Nix evaluates no other. Where it does not
 * exist, Nix fails and names it.
 */
export function documentExpression({ host }: { readonly host?: string | undefined } = {}): string {
  const chosen =
    host === undefined ? "configurations" : `{ inherit (configurations) ${nixString(host)}; }`;
  return withExtractor(`{
  schemaVersion = 1;
  hosts = builtins.mapAttrs extractNamed ${chosen};
}`);
}

/**
 * Writes the Nix function from NixOS configurations to the line of one host in JSON Lines. Nix evaluates
 * no other configuration, so that a fleet needs only as much memory as its largest host.
 */
export function hostLineExpression(host: string): string {
  const name = nixString(host);
  return withExtractor(`{
  schemaVersion = 1;
  host = ${name};
}
// extractNamed ${name} configurations.${name}`);
}

/** Puts the extractor before an expression about `configurations`. It has no multi-line strings to indent. */
function withExtractor(body: string): string {
  const extractor = EXTRACT.trimEnd().replace(/^(?=.)/gmu, "    ");
  return `configurations:
let
  extract =
${extractor};

  # Nix adds the context to errors inside the call only, so the call forces the whole value.
  extractNamed =
    name: member:
    let
      host = extract member;
    in
    builtins.addErrorContext "while extracting the microvm.nix usage of NixOS configuration '\${name}'" (
      builtins.deepSeq host host
    );
in
${body}
`;
}

/**
 * Writes the command that prints the usage of every host of the flake here, one line each. A host is
 * wrapped in a derivation that costs nothing, because `--apply` runs on derivations only; the host is
 * evaluated for its usage, so that one that fails is one line with an error.
 *
 * @param attribute where the flake has its configurations
 */
export function nixEvalJobsCommand(attribute: string = CONFIGURATIONS): string {
  const select = withExtractor(`builtins.mapAttrs (
  name: member:
  derivation {
    name = "usage";
    system = "x";
    builder = "/x";
  }
  // {
    usage = {
      schemaVersion = 1;
      host = name;
    }
    // extractNamed name member;
  }
) configurations`);
  return `nix-eval-jobs --flake ${bashWord(`.#${attribute}`)} --no-instantiate \\
  --select '${select.trimEnd().replaceAll("'", "'\\''")}' \\
  --apply 'd: d.usage'
`;
}
