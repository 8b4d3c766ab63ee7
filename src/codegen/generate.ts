import { MANUAL_OUTPUTS } from "./manual.ts";
import type { Model } from "./model.ts";
import { FLAKE_OUTPUTS } from "./policyOptions.ts";
import { readModel } from "./readModel.ts";
import { diagnosticsPage, policyTable, reference } from "./reference.ts";
import { type JsonSchema, schema, validator, validatorTypes } from "./schema.ts";

/** The model files, by path from the root of the repository. */
export const MODEL_PATHS = {
  /** The usage document, which `src/nix/extract.nix` makes out of a NixOS configuration. */
  usage: "src/usage/model.ts",
  /** The object that `sweep-microvms plan --json` prints. */
  plan: "src/plan/model.ts",
} as const;

type Models = Readonly<Record<keyof typeof MODEL_PATHS, Model>>;

/** One generated file. */
interface Output {
  /** Path from the root of the repository. */
  readonly path: string;
  /** Path of the file that it is made from, for the notice at its head. */
  readonly source: string;
  readonly make: (models: Models) => string | JsonSchema;
}

/** The validators of `src/usage/validate.generated.js`, and the interface that each checks. */
const VALIDATORS = {
  validateDocument: "UsageDocument",
  validateHostLine: "HostLine",
  validateHost: "Host",
  validateVm: "DeclaredVm",
};

/** The validator of `src/plan/validate.generated.js`. */
const PLAN_VALIDATORS = { validatePlan: "Plan" };

/** Every generated file. */
const OUTPUTS: readonly Output[] = [
  {
    path: "src/usage/schema.generated.json",
    source: MODEL_PATHS.usage,
    make: ({ usage }) => usageSchema(usage),
  },
  {
    path: "src/usage/validate.generated.js",
    source: MODEL_PATHS.usage,
    make: ({ usage }) => `// @ts-nocheck\n${validator(usageSchema(usage), VALIDATORS)}`,
  },
  {
    path: "src/usage/validate.generated.d.ts",
    source: MODEL_PATHS.usage,
    make: () => validatorTypes(VALIDATORS),
  },
  {
    path: "docs/usage.md",
    source: MODEL_PATHS.usage,
    make: ({ usage }) =>
      reference(usage, [
        { caption: "A document:", interface: "UsageDocument", format: "json" },
        {
          caption: "The same host as a line of JSON Lines:",
          interface: "HostLine",
          format: "jsonl",
        },
      ]),
  },
  {
    path: "src/plan/schema.generated.json",
    source: MODEL_PATHS.plan,
    make: ({ plan }) => planSchema(plan),
  },
  {
    path: "src/plan/validate.generated.js",
    source: MODEL_PATHS.plan,
    make: ({ plan }) => `// @ts-nocheck\n${validator(planSchema(plan), PLAN_VALIDATORS)}`,
  },
  {
    path: "src/plan/validate.generated.d.ts",
    source: MODEL_PATHS.plan,
    make: () => validatorTypes(PLAN_VALIDATORS),
  },
  {
    path: "docs/diagnostics.md",
    source: "src/diagnostics/codes.ts",
    make: diagnosticsPage,
  },
  ...FLAKE_OUTPUTS,
  ...MANUAL_OUTPUTS,
];

/** The generated part of a page that is otherwise written by hand: what stands between its two comments. */
interface Part {
  /** Path of the page from the root of the repository. */
  readonly path: string;
  /** Path of the file that the part is made from, which its first comment names. */
  readonly source: string;
  readonly make: () => string;
}

/** Every generated part of a page. */
export const PARTS: readonly Part[] = [
  { path: "docs/policies.md", source: "src/policy/policy.ts", make: policyTable },
];

/** Puts the generated part into the text of its page. */
export function fillPart({ path, source, make }: Part, text: string): string {
  const start = `<!-- ${noticeOf(source)} -->\n`;
  const end = "\n<!-- End of the generated part. -->";
  const [before = "", rest, ...more] = text.split(start);
  const after = rest?.split(end) ?? [];
  if (after.length !== 2 || more.length > 0) {
    throw new Error(`${path} needs these two lines, each once:\n${start}${end.trim()}`);
  }
  return `${before}${start}\n${make()}\n${end}${after[1]}`;
}

/**
 * Makes every generated file from the texts of the models. Returns the text of each file by its path
 * from the root of the repository.
 *
 * @throws ModelError where a model has a mistake
 */
export function generate(
  texts: Readonly<Record<keyof typeof MODEL_PATHS, string>>,
): Map<string, string> {
  const models = {
    usage: readModel({ path: MODEL_PATHS.usage, text: texts.usage, isExtracted: true }),
    plan: readModel({ path: MODEL_PATHS.plan, text: texts.plan, isExtracted: false }),
  };
  return new Map(
    OUTPUTS.map(({ path, source, make }) => [path, withNotice(path, source, make(models))]),
  );
}

function noticeOf(source: string): string {
  return `Generated from ${source} by src/codegen: do not edit, run "npm run codegen".`;
}

/** Says at the head of a generated file how to change it. */
function withNotice(path: string, source: string, content: string | JsonSchema): string {
  const notice = noticeOf(source);
  if (typeof content !== "string") {
    return `${JSON.stringify({ $comment: notice, ...content }, null, 2)}\n`;
  }
  if (path.endsWith(".md")) return `<!-- ${notice} -->\n\n${content}\n`;
  // zsh looks at the first line of a completion.
  if (content.startsWith("#compdef")) return `${content.replace("\n", `\n# ${notice}\n`)}\n`;
  return `${commentSign(path)} ${notice}\n${content}\n`;
}

function commentSign(path: string): string {
  if (/\.[1-8]$/.test(path)) return '.\\"';
  return path.endsWith(".nix") || path.startsWith("share/") ? "#" : "//";
}

function usageSchema(usage: Model): JsonSchema {
  return schema(usage, VALIDATORS.validateDocument, {
    title: "microvm-sweep usage document",
    others: [VALIDATORS.validateHostLine],
  });
}

function planSchema(plan: Model): JsonSchema {
  return schema(plan, PLAN_VALIDATORS.validatePlan, { title: "microvm-sweep plan" });
}
