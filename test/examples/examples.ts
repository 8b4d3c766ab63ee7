import { fileURLToPath } from "node:url";
import { type Overrides, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";

/** An example: a flake under examples/ and the module that each of its hosts imports. */
export interface Example {
  readonly name: string;
  /** File of the module by the name of the host. */
  readonly modules: Readonly<Record<string, string>>;
  /** The stand-ins for its inputs. */
  readonly overrides: Overrides;
}

const one = { "hyp-01": "microvm-sweep.nix" };
const { nixpkgs } = STANDIN;

/** All that have a generated module; a test compares with the directory. */
export const EXAMPLES: readonly Example[] = [
  { name: "one-host", modules: one, overrides: STANDIN },
  { name: "removed-module", modules: one, overrides: { nixpkgs } },
  { name: "imperative", modules: one, overrides: STANDIN },
  {
    name: "fleet",
    modules: { "hyp-01": "hyp-01.nix", "hyp-02": "hyp-02.nix", "hyp-03": "hyp-03.nix" },
    overrides: STANDIN,
  },
  {
    name: "checked",
    modules: one,
    get overrides() {
      return { ...STANDIN, "microvm-sweep": ourFlake() };
    },
  },
];

/** The folder examples/. */
export const EXAMPLES_DIRECTORY = fileURLToPath(new URL("../../examples", import.meta.url));
