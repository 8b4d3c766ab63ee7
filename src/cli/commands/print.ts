import { argumentFailure, EXIT } from "../../diagnostics/failure.ts";
import { invariant } from "../../diagnostics/internalError.ts";
import {
  documentExpression,
  hostLineExpression,
  nixEvalJobsCommand,
} from "../../nix/extractorExpressions.ts";
import { templates } from "../../page/templates.generated.js";
import { printResult } from "../output.ts";

/** The command line of `expr`. */
export interface ExprArguments {
  readonly host?: string;
  readonly attr?: string;
  readonly for?: "nix-eval-jobs";
  readonly "usage-format": "json" | "json-lines";
}

/** @throws Failure (`MS3001`) where one line is asked for and no host */
async function extractor(args: ExprArguments): Promise<string> {
  const { host, "usage-format": format } = args;
  if (args.for !== undefined) {
    if (host !== undefined) throw argumentFailure("--for nix-eval-jobs is for all hosts");
    return nixEvalJobsCommand(args.attr);
  }
  if (args.attr !== undefined) {
    throw argumentFailure(
      "--attr goes with --for nix-eval-jobs",
      `the expression is for any attribute: nix eval .#${args.attr} --apply "$(microvm-sweep expr)"`,
    );
  }
  if (format === "json") {
    return documentExpression(host === undefined ? {} : { host });
  }
  if (host === undefined) {
    throw argumentFailure("--usage-format json-lines is one host a line, so it needs --host");
  }
  return hostLineExpression(host);
}

/** Runs `expr`: prints the Nix function that makes a usage of `nixosConfigurations`. */
export async function expr(args: ExprArguments): Promise<number> {
  const text = await extractor(args);
  await printResult(text.endsWith("\n") ? text : `${text}\n`);
  return EXIT.done;
}

/** The command line of `schema`. */
export interface SchemaArguments {
  readonly document: "usage" | "plan";
}

/** Runs `schema`: prints the JSON Schema of a document. */
export async function schema({ document }: SchemaArguments): Promise<number> {
  const { default: text } =
    document === "usage"
      ? await import("../../usage/schema.generated.json", { with: { type: "json" } })
      : await import("../../plan/schema.generated.json", { with: { type: "json" } });
  await printResult(`${JSON.stringify(text, null, 2)}\n`);
  return EXIT.done;
}

/** The shells that there is completion for, and where below `share` each looks for the file of a program. */
export const SHELLS = {
  bash: (program: string) => `bash-completion/completions/${program}`,
  zsh: (program: string) => `zsh/site-functions/_${program}`,
  fish: (program: string) => `fish/vendor_completions.d/${program}.fish`,
} as const;

type Shell = keyof typeof SHELLS;

/** Renders what a shell reads to complete a program that answers `complete`. */
export function emitCompletion(shell: Shell, program: string): string {
  const template = templates[`completion-${shell}`];
  invariant(template !== undefined, `no template completion-${shell}`);
  return template({ program, function: `_${program.replaceAll("-", "_")}` });
}

/** The command line of `completion`. */
export interface CompletionArguments {
  readonly shell: Shell;
}

/** Runs `completion`: prints what a shell reads to complete this program. */
export async function completion({ shell }: CompletionArguments): Promise<number> {
  await printResult(emitCompletion(shell, "microvm-sweep"));
  return EXIT.done;
}
