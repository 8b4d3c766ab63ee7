import { readFile } from "node:fs/promises";
import { EXIT, fileFailure } from "../../diagnostics/failure.ts";
import { release } from "../../page/program.ts";
import { readPlans } from "../../plan/readPlans.ts";
import { renderReport } from "../../plan/renderReport.ts";
import type { Messages } from "../messages.ts";
import { printResult, writeOutput } from "../output.ts";

/** The command line of `report`. */
export interface ReportArguments {
  readonly plans: readonly string[];
  readonly out: string;
}

/**
 * Runs `report`: joins the plans of many hosts into one HTML page.
 *
 * @throws Failure where a file cannot be read or is no plan: nothing is written then
 */
export async function report(
  { plans: files, out }: ReportArguments,
  messages: Messages,
): Promise<number> {
  const inputs = await Promise.all(
    files.map(async (file) => ({
      file,
      bytes: await readFile(file).catch((error) => {
        throw fileFailure("MS3002", file, error);
      }),
    })),
  );
  const { plans, diagnostics } = readPlans(inputs, release());
  messages.requireNoErrors(diagnostics);
  const html = renderReport(plans, today());
  if (out === "-") {
    await printResult(html);
    return EXIT.done;
  }
  messages.note((await writeOutput(out, html)) ? `wrote ${out}` : `${out} is up to date`);
  return EXIT.done;
}

/** The date of the report: now, or that of `SOURCE_DATE_EPOCH`, for a build that has to be the same twice. */
function today(): Date {
  const seconds = Number(process.env["SOURCE_DATE_EPOCH"] || Number.NaN);
  const given = new Date(seconds * 1000);
  return Number.isNaN(given.getTime()) ? new Date() : given;
}
