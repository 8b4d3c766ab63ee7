import fc from "fast-check";

/** Pieces that mean something to Nix, to Bash or to both, alone or next to each other. */
const PIECES = [
  "'", "''", "'''", "$", "$$", "${", "$(", "}", ")", "\\", "\\\\", '"', "`", "''$", "''${", "$''", "''\\",
  "\n", "\r", "\r\n", "\t", " ", "  ", "\u0001", "\u001b", "\u007f", "\u0085", "\u2028", "é", "🦊",
  "-", "--", "~", "*", "?", "[a]", "!", "!!", "#", ";", "&", "|", "<", ">", "{a,b}", "=", "if", "a", "0", "\\n", "\\'",
]; // biome-ignore format: a table

/** Text that tries to break out of whatever quotes it is put in; it can stand in a file. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(fc.constantFrom(...PIECES), { maxLength: 12 })
      .map((parts) => parts.join("")),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: "binary", maxLength: 20 })
      .filter((text) => !text.includes("\0") && text.isWellFormed()),
  },
);

/** What runs if a quote breaks: each makes the file `canary`, or ends the evaluation. */
export function payloads(canary: string): string[] {
  return [
    `$(touch ${canary})`,
    `\`touch ${canary}\``,
    `'; touch ${canary}; '`,
    `"; touch ${canary}; "`,
    `\ntouch ${canary}\n`,
    `) touch ${canary} (`,
    `\${builtins.throw "escaped"}`,
    `'\${builtins.throw "escaped"}`,
    `''\${builtins.throw "escaped"}`,
    `''; escaped = throw "escaped"; x = ''`,
    `"; escaped = throw "escaped"; x = "`,
    `<(touch ${canary})`,
    `\${x:=$(touch ${canary})}`,
    `a[$(touch ${canary})]`,
  ];
}

/** As many texts as asked for, from a seed that a failure names. */
export function samples(count: number, seed: number): string[] {
  return fc.sample(hostileText, { numRuns: count, seed });
}
