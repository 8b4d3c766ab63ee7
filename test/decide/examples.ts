import { expect, it } from "vitest";
import type { Sandbox } from "../sandbox/run.ts";
import { checkHost } from "./check.ts";
import { type Description, describedHost } from "./describedHost.ts";

/** What a switch decides on a host, and the verdicts of a plan. What is not named must not happen. */
export interface Example extends Description {
  readonly verdicts?: Readonly<Record<string, string>>;
  /** Units. */
  readonly stops?: readonly string[];
  readonly resets?: readonly string[];
  /** Paths. */
  readonly goes?: readonly string[];
  readonly kept?: readonly string[];
  /** What the notes say, each with these words. */
  readonly says?: readonly string[];
}

export type Examples = Readonly<Record<string, Example>>;

/** Tests each example: `decide` prints what the example says, and what the oracle says. */
export function testExamples(examples: Examples, sandbox: () => Sandbox): void {
  it.each(Object.entries(examples))("%s", async (_title, example) => {
    const { verdicts, stops, resets, goes, kept, says, ...description } = example;
    const decided = await checkHost(sandbox(), describedHost(description));
    expect({
      verdicts: verdicts && Object.fromEntries(decided.verdicts),
      stops: [...decided.stop.values()].flat().sort(),
      resets: [...decided.reset.values()].flat().sort(),
      goes: [...decided.remove.keys()].sort(),
      kept: [...decided.keep.keys()].sort(),
    }).toEqual({
      verdicts,
      stops: [...(stops ?? [])].sort(),
      resets: [...(resets ?? [])].sort(),
      goes: [...(goes ?? [])].sort(),
      kept: [...(kept ?? [])].sort(),
    });
    const unsaid = (says ?? []).filter(
      (words) => !decided.notes.some((note) => note.includes(words)),
    );
    expect(unsaid, decided.notes.join("\n")).toEqual([]);
    expect(decided.notes).toHaveLength(says?.length ?? 0);
  });
}
