import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "../../src/cli/commandLine.ts";
import { CHECK_OPTIONS, GEN_OPTIONS, MESSAGE_OPTIONS } from "../../src/cli/options.ts";
import { plainArguments } from "../../src/cli/plainArguments.ts";

const OPTIONS = { ...GEN_OPTIONS, ...CHECK_OPTIONS, ...MESSAGE_OPTIONS };

/** What yargs makes of words, without its own names for them. Nothing where it refuses them. */
async function withYargs(words: readonly string[]): Promise<unknown> {
  try {
    const { command, args } = (await parse(words)) as { command?: { name: string }; args?: object };
    if (command === undefined) return undefined;
    const given = Object.entries(args ?? {}).filter(
      ([name, value]) => value !== undefined && !["_", "$0"].includes(name),
    );
    return { command: command.name, args: Object.fromEntries(given) };
  } catch {
    return undefined;
  }
}

const value = fc.oneof(
  fc.constantFrom(...Object.values(OPTIONS).flatMap(({ choices }) => choices ?? [])),
  fc.constantFrom(
    "-",
    "--",
    "",
    "-x",
    "--all",
    "--out",
    "a b",
    "01",
    "true",
    "a=b",
    "=",
    '"a b"',
    "'x",
    "help",
    "$0",
    "-1",
    "\n",
  ),
  fc.constantFrom("x", "hyp-01", ".#a", "it's", "ü", "__proto__"),
);
const name = fc.constantFrom(
  ...Object.keys(OPTIONS),
  "help",
  "version",
  "unknown",
  "file",
  "valueOf",
);
/** An option with a value that it takes. */
const fitting: fc.Arbitrary<string[]> = fc
  .constantFrom(...Object.entries(OPTIONS))
  .chain(([option, { type, choices }]) =>
    type === "boolean"
      ? fc.constant<string[]>([`--${option}`])
      : fc
          .constantFrom(...(choices ?? ["x", "a b", "-"]))
          .map((text): string[] => [`--${option}`, text]),
  );
const words = fc.array(
  fc.oneof(
    { arbitrary: fitting, weight: 12 },
    fc.tuple(name, value).map(([option, text]) => [`--${option}`, text]),
    fc.tuple(name, value).map(([option, text]) => [`--${option}=${text}`]),
    name.map((option) => [`--${option}`]),
    value.map((text) => [text]),
  ),
  { maxLength: 6 },
);

describe("plainArguments", () => {
  it("reads what yargs reads, or leaves it to yargs", async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("gen", "check", "expr"), words, async (command, options) => {
        const line = [command, ...options.flat()];
        const plain = plainArguments(line);
        if (plain === undefined) return;
        read += 1;
        expect(plain).toEqual(await withYargs(line));
      }),
      { numRuns: 4000 },
    );
    expect(read).toBeGreaterThan(500);
  });

  it.each([
    "gen --flake . --host hyp-01 --out hosts/hyp-01.nix",
    "gen --flake .#hyp-01 -- --impure",
    "gen --all --usage - --usage-format nix-eval-jobs --out-dir sweep --json",
    "gen --usage usage.json --keep a --keep b --limit=3 --quiet",
    "check microvm-sweep.nix --flake .#hyp-01",
    "check --all sweep --usage fleet.jsonl --diff",
  ])("reads %s", async (line) => {
    const plain = plainArguments(line.split(" "));
    expect(plain).toBeDefined();
    expect(plain).toEqual(await withYargs(line.split(" ")));
  });

  it.each(["gen --help", "gen --usage", "gen x", "gen --hots a", "check a b", "expr", ""])(
    "leaves %s to yargs",
    (line) => {
      expect(plainArguments(line.split(" "))).toBeUndefined();
    },
  );
});
