import { EXIT } from "../../diagnostics/failure.ts";
import { visible } from "../../diagnostics/render.ts";
import { fileOfHost, hostOfFile, INDEX_FILE } from "../../fleet/directory.ts";
import type { Fleet, FleetPage } from "../../fleet/fleet.ts";
import { commandOf, emitIndex, recognize, withCommandOf } from "../../page/emitPage.ts";
import { PROGRAM_DIRECTORY, programFiles } from "../../page/program.ts";
import { printDiff } from "../diff.ts";
import { openFleet, readPages } from "../input.ts";
import type { Messages } from "../messages.ts";
import type { CheckArguments } from "../options.ts";
import { printResult } from "../output.ts";

/** A file that is not what `gen --all` would write. */
interface StaleFile {
  readonly file: string;
  /** The host, or the file that belongs to all of them. */
  readonly name: string;
  readonly what: string;
  readonly current: string | undefined;
  readonly expected: string;
}

/** What is wrong with the page of a host. */
function stalePage({ current, name, page: expected }: FleetPage): StaleFile | undefined {
  const file = fileOfHost(name);
  if (current === expected) return undefined;
  // No page is as good as an empty one.
  const { kind, isEdited } = recognize(current ?? "{ }");
  const isStale = kind === "page" && !isEdited;
  const what = kind === "empty" ? "has no page" : isStale ? "is out of date" : "was edited";
  return { file, name, current, expected, what };
}

/** What is wrong with the program or the index. */
function whatIsWrong(file: string, current: string | undefined): string {
  if (current === undefined) return "does not exist";
  const { kind, isEdited } = recognize(current);
  const isOurs = file === INDEX_FILE && kind === "index";
  return isOurs && isEdited ? "was edited" : "is out of date";
}

/** What is wrong with the files that belong to no host of the input. */
function* otherStaleFiles(fleet: Fleet, hosts: ReadonlySet<string>): Generator<StaleFile> {
  const { directory, command } = fleet.options;
  for (const file of [...directory.files()].sort()) {
    const name = hostOfFile(file);
    if (file !== fileOfHost(name) || file === INDEX_FILE || hosts.has(name)) continue;
    const current = directory.readIfText(file) ?? "";
    if (recognize(current).kind === "page")
      yield { file, name, what: "has left the fleet", current, expected: "" };
  }
  const index = directory.read(INDEX_FILE);
  const text = emitIndex(hosts, fileOfHost, { command });
  const program = [...programFiles()].map(([name, expected]) => {
    const file = `${PROGRAM_DIRECTORY}/${name}`;
    return { file, current: directory.read(file), expected };
  });
  const files = [
    ...program,
    { file: INDEX_FILE, current: index, expected: withCommandOf(index ?? "", text) },
  ];
  for (const one of files) {
    if (one.current === one.expected) continue;
    yield { ...one, name: one.file, what: whatIsWrong(one.file, one.current) };
  }
}

/**
 * Runs `check --all`: prints one line for each host whose page is not what `gen --all` would write, with
 * `--diff` and its difference. As for one page, the command in the header may be another.
 */
export async function checkFleet(
  args: CheckArguments,
  path: string,
  messages: Messages,
): Promise<number> {
  const fleet = await openFleet(args, path, messages);
  const { directory, input, judge, command } = fleet.options;
  const hosts = new Set<string>();
  let stale = 0;
  let edited = 0;
  const say = async (one: StaleFile) => {
    stale += 1;
    if (one.what === "was edited") edited += 1;
    await printResult(`${visible(`${one.name}: ${one.what}`)}\n`);
    if (args.diff === true) {
      await printDiff({ ...one, file: directory.pathOf(one.file) }, messages);
    }
  };
  const commandOfPage = (current: string | undefined) => commandOf(current ?? "");
  for await (const page of readPages(fleet, messages, { commandOf: commandOfPage })) {
    hosts.add(page.name);
    const one = stalePage(page);
    if (one !== undefined) await say(one);
  }
  if (fleet.findings.failed.length === 0) {
    for (const one of otherStaleFiles(fleet, hosts)) await say(one);
  }
  const { diagnostics, status } = fleet.findings.result(input.file, [], judge);
  messages.report(diagnostics);
  if (status !== EXIT.done || stale === 0) return status;
  messages.note(`to make them again, run: ${command}`);
  if (edited > 0) {
    messages.note("what was edited is kept: move what you need elsewhere, then add --force");
  }
  return EXIT.difference;
}
