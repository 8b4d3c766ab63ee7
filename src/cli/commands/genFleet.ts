import { isError } from "../../diagnostics/diagnostic.ts";
import { argumentFailure } from "../../diagnostics/failure.ts";
import { type Move, movedWarnings } from "../../fleet/moves.ts";
import { oldProgramNote } from "../../fleet/programDirectory.ts";
import { Update } from "../../fleet/update.ts";
import { openFleet, readPages } from "../input.ts";
import type { Messages } from "../messages.ts";
import type { GenArguments } from "../options.ts";
import { printResult } from "../output.ts";

/** What `gen --all` did, by the names of hosts. */
interface Summary {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
  readonly failed: readonly string[];
  readonly moved: readonly Move[];
}

function summaryLine({ written, unchanged, removed, failed }: Summary): string {
  const counts = `${written.length} written, ${unchanged.length} unchanged, ${removed.length} removed`;
  if (failed.length === 0) return counts;
  const names = failed.slice(0, 10).join(", ");
  return `${counts}, ${failed.length} failed: ${names}${failed.length > 10 ? ", …" : ""}`;
}

function checkGenArguments({ out, "out-dir": directory }: GenArguments): string {
  if (out !== "-") throw argumentFailure("--all writes to --out-dir, not to --out");
  if (directory === undefined) throw argumentFailure("--all needs --out-dir");
  return directory;
}

/**
 * Runs `gen --all`: writes one page for each host, one program and the index. A host that fails keeps the
 * page it has.
 */
export async function genFleet(args: GenArguments, messages: Messages): Promise<number> {
  const fleet = await openFleet(args, checkGenArguments(args), messages);
  const { directory, input } = fleet.options;
  const pages = new Update(fleet, args.force === true);
  try {
    const again = (name: string) => pages.drop(name);
    for await (const page of readPages(fleet, messages, { again })) pages.write(page);
    pages.findLeftovers();
    const isOurProgram = pages.prepareProgram();
    pages.prepareIndex();
    const moved = movedWarnings(pages.moves, new Set(pages.removed));
    const isMove = messages.judge(moved).some(isError);
    const isRefused = isMove || !isOurProgram;
    if (!isRefused) pages.commit();
    const { diagnostics, status } = fleet.findings.result(input.file, moved, fleet.options.judge);
    messages.report(diagnostics);
    const summary = {
      written: isRefused ? [] : pages.with("written"),
      unchanged: pages.with("unchanged"),
      removed: isRefused ? [] : pages.removed,
      failed: fleet.findings.failed,
      moved: pages.moves.list(),
    };
    if (isMove) messages.note("nothing is changed, because a warning is an error");
    else if (isRefused) messages.note("nothing is changed, because the program cannot be written");
    const old = isRefused ? undefined : oldProgramNote(directory);
    if (old !== undefined) messages.note(old);
    if (args.json === true) await printResult(`${JSON.stringify(summary)}\n`);
    messages.note(summaryLine(summary));
    return status;
  } finally {
    directory.discard();
  }
}
