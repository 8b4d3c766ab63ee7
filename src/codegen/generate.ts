import type { Model } from "./model/Model.ts";
import { readModel } from "./model/readModel.ts";
import { nixFunction } from "./nix/nixFunction.ts";
import { FLAKE_OUTPUTS } from "./policyOptions.ts";
import { reference } from "./reference.ts";
import { schema } from "./schema.ts";
import { validator, validatorTypes } from "./validator.ts";

/** Where the model is, from the root of the repository. */
export const MODEL_PATH = "src/usage/model.ts";

const NOTICE = `Generated from ${MODEL_PATH} by src/codegen: do not edit, run "npm run codegen".`;

/** The interfaces that a whole input may be, those of their members, and the functions that check one. */
const DOCUMENT = "UsageDocument";
const LINE = "HostLine";
const HOST = "Host";
const VALIDATORS = {
  validateDocument: DOCUMENT,
  validateHostLine: LINE,
  validateHost: HOST,
  validateVm: "DeclaredVm",
};

/**
 * Everything that is generated from the text of the model: path from the root of the repository to
 * the text of the file.
 *
 * @throws ModelError where the model says something that cannot be used
 */
export function generate(modelText: string): Map<string, string> {
  const model = readModel(modelText, MODEL_PATH);
  const usageSchema = { $comment: NOTICE, ...schema(model, DOCUMENT, [LINE]) };
  return new Map([
    ["src/usage/schema.generated.json", `${JSON.stringify(usageSchema, null, 2)}\n`],
    [
      "src/usage/validate.generated.js",
      `// ${NOTICE}\n// @ts-nocheck\n${validator(usageSchema, VALIDATORS)}\n`,
    ],
    ["src/usage/validate.generated.d.ts", `// ${NOTICE}\n${validatorTypes(VALIDATORS)}\n`],
    ["src/usage/README.md", `<!-- ${NOTICE} -->\n\n${reference(model, DOCUMENT, LINE)}\n`],
    ...nixFiles(model),
    ...FLAKE_OUTPUTS.map(({ path, source, make }): [string, string] => [
      path,
      `# ${NOTICE.replace(MODEL_PATH, source)}\n${make()}\n`,
    ]),
  ]);
}

/** The extractor as a file for Nix, and all Nix functions as text for the command line. */
function nixFiles(model: Model): readonly [string, string][] {
  const texts = { extractHost: HOST, extractDocument: DOCUMENT, extractHostLine: LINE };
  const constants = Object.entries(texts).map(([name, of]) => {
    const escaped = nixFunction(model, of).replace(/[\\`]|\$\{/gu, "\\$&");
    return `/** Nix function that makes a ${of}. */\nexport const ${name} = \`${escaped}\`;\n`;
  });
  return [
    ["src/nix/extract.generated.nix", `# ${NOTICE}\n${nixFunction(model, HOST)}`],
    ["src/nix/extract.generated.ts", [`// ${NOTICE}\n`, ...constants].join("\n")],
  ];
}
