import { nixString } from "../emit/quote.ts";
import { extractHostLine } from "./extract.generated.ts";
import { indentedExpression } from "./indentedExpression.ts";

/**
 * The Nix function, as one self-contained expression, from `nixosConfigurations` to the line that
 * one host is in JSON Lines. No other configuration is evaluated, so that a fleet can be read host
 * by host in as much memory as its largest one takes.
 */
export function hostLineExpression(host: string): string {
  const name = nixString(host);
  return `configurations:
let
  extract =
${indentedExpression(extractHostLine)};
in
extract ${name} configurations.${name}
`;
}
