import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GenArguments } from "../../src/cli/options/GenArguments.ts";
import { recordedArguments } from "../../src/cli/recordedArguments.ts";
import { recordedCommand } from "../../src/cli/recordedCommand.ts";
import { shellCommand } from "../../src/emit/quote/shellCommand.ts";
import { splitCommand } from "../../src/emit/quote/splitCommand.ts";

/** What can be a process argument, with more than its share of what shells and parsers act on. */
const word = fc.oneof(
  fc.constantFrom("-", "--", "-x", "--help", "1e3", "01", "true", "a=b", "a.b", "''", "\\'", "x\\"),
  fc.string({ unit: fc.constantFrom(..."'\"\\$`-= \n\t\u001b\u009b\u202eé💾a0") }),
  fc.string({ unit: "binary" }).filter((text) => !text.includes("\0") && text.isWellFormed()),
);
const name = word.filter((text) => text !== "");

describe("a command in a header", () => {
  it("is split into the words that it was made of", () => {
    const words = fc.array(word, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, (all) => {
        expect(splitCommand(shellCommand(all))).toEqual(all);
      }),
      { numRuns: 3000 },
    );
  });

  it("is nothing that a shell would make more of", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab'\\$01 (;`\"\n") });
    fc.assert(
      fc.property(text, (command) => {
        const words = splitCommand(command);
        return words === undefined || shellCommand(words) === command;
      }),
      { numRuns: 3000 },
    );
  });

  it("is read back as the arguments that gen recorded", () => {
    const input = fc.oneof(
      fc.record({ flake: name.filter((text) => !/^-|#/.test(text)) }),
      fc.record({ flake: fc.constant("."), "--": fc.array(name, { minLength: 1, maxLength: 3 }) }),
      fc.record({ usage: name, "usage-format": fc.constantFrom(undefined, "json", "json-lines") }),
    );
    const more = fc.record(
      {
        config: name,
        state: fc.constantFrom("keep", "archive"),
        keep: fc.array(name, { minLength: 1, maxLength: 3 }),
        backend: fc.constantFrom("activation", "service"),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(input, more, name, name, (source, policy, host, out) => {
        const args = { format: "module", ...source, ...policy, host } as unknown as GenArguments;
        const command = recordedCommand(args, host, out);
        const read = recordedArguments(`\n\n\n#   ${shellCommand(command)}\n`);
        expect(read).toMatchObject({ host });
      }),
      { numRuns: 1000 },
    );
  });
});
