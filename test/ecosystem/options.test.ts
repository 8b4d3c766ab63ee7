import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isUpdate } from "../examples/golden.ts";
import { nixJson, STANDIN } from "../support/nix.ts";
import { ourFlake } from "../support/ourFlake.ts";
import { requireTool } from "../support/require.ts";

const PAGE = fileURLToPath(new URL("../../docs/options.md", import.meta.url));

/** An option, as Nix has it. */
interface Option {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly readOnly: boolean;
}

/** Nix: the options of a module at a path. They are declared and not set, so nothing else of NixOS is needed. */
const optionsAt = (path: string) => `module: let
  inherit (import ${STANDIN.nixpkgs}/lib) attrByPath evalModules filterAttrs splitString;
  inherit (evalModules { modules = [ module { _module.args = { pkgs = { }; self = { }; }; } ]; }) options;
  text = value: value.text or value;
  describe = name: option: {
    name = "${path}.\${name}";
    type = option.type.description;
    description = text option.description;
    readOnly = option.readOnly or false;
  } // (if option ? default then { default = text (option.defaultText or option.default); } else { })
    // (if option ? example then { example = text option.example; } else { });
  isVisible = _: option: option.visible or true;
in builtins.attrValues (
  builtins.mapAttrs describe (filterAttrs isVisible (attrByPath (splitString "." "${path}") { } options))
)`;

/** Each module of the flake that has options, and where they are. */
const MODULES = [
  {
    output: "nixosModules.default",
    path: "services.microvm-sweep",
    title: "The live module",
    about:
      "It is `nixosModules.default` of the flake. It reads the configuration that imports it, so no page has to be " +
      "generated. [Policies](policies.md) says more about each setting.",
  },
  {
    output: "flakeModules.default",
    path: "microvm-sweep",
    title: "The module of flake-parts",
    about:
      "It is `flakeModules.default` of the flake. It adds an app `gen`, and a check for each host with a page; " +
      "[Fleets](fleets.md#flake-parts) shows it in a flake.",
  },
];

/** Writes a value as Nix has it: these are texts, lists of them, numbers and null. */
function nixValue(value: unknown): string {
  return Array.isArray(value)
    ? `[ ${value.map(nixValue).join(" ")} ]`.replace("[  ]", "[ ]")
    : JSON.stringify(value);
}

function section(option: Option): string {
  const facts = [
    `Type: ${option.type}.`,
    ...("default" in option ? [`Default: \`${nixValue(option.default)}\`.`] : []),
    ...("example" in option ? [`Example: \`${nixValue(option.example)}\`.`] : []),
    ...(option.readOnly ? ["Read only: the module sets it."] : []),
  ];
  return `### ${option.name}\n\n${option.description.trim()}\n\n${facts.join(" ")}`;
}

async function page(): Promise<string> {
  const parts = MODULES.map(async ({ output, path, title, about }) => {
    const args = ["eval", "--impure", `.#${output}`, "--apply", optionsAt(path)];
    const options = (await nixJson(ourFlake(), args, { nixpkgs: STANDIN.nixpkgs })) as Option[];
    return [`## ${title}`, about, ...options.map(section)].join("\n\n");
  });
  const notice =
    "<!-- Generated from the options by test/ecosystem/options.test.ts: do not edit, run it with UPDATE_GOLDEN=1. -->";
  return `${[notice, "# Module options", ...(await Promise.all(parts))].join("\n\n")}\n`;
}

describe.skipIf(requireTool("nix"))("the reference of the module options", () => {
  it("is what the options say", async () => {
    const now = await page();
    if (isUpdate(process.env)) writeFileSync(PAGE, now);
    expect(readFileSync(PAGE, "utf8")).toBe(now);
  });
});
