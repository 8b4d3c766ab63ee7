import { describe, expect, it } from "vitest";
import { PAGES, PARTS, prose, read } from "./pages.ts";

/** The word that `tell VERB` of the program prints, in a real run. */
const VERBS: Readonly<Record<string, string>> = Object.fromEntries(
  (/^declare -A doing=\((.*)\)$/mu.exec(read("templates/microvm-sweep/act.bash"))?.[1] ?? "")
    .split(" ")
    .map((entry) => /\[(\w+)\]=(\w+)/u.exec(entry)?.slice(1) as [string, string]),
);

/** The texts of the program, without its comments. A value that it puts in is `$`. */
const TEXT = PARTS.map((part) => read(`templates/microvm-sweep/${part}.bash`))
  .join("")
  .replaceAll(/^ *#.*$/gmu, "")
  .replaceAll(/\btell (\w+) ("[^"]*"|\w+)/gu, (_, verb, what) => {
    const words = what.replaceAll('"', "");
    return `${VERBS[verb]} ${words}: $; would ${verb} ${words}: $`;
  })
  .replaceAll(/\$\{[^}]*\}|\$\w+/gu, "$")
  .replaceAll(/[ \n]+/gu, " ");

/** Whether a word of a quoted message is a value: a name, a unit, a path, or what the page leaves out. */
const isValue = (word: string) =>
  /^(web|bar|PATH|NAME|TIME)[,:;]?$|^[\w@-]+\.service[,;]?$|^\/|^…$/u.test(word);

/**
 * Whether the program prints a message: its words between values are a few texts of the program, one after
 * the other, of two words at least.
 */
function isPrinted(message: string): boolean {
  const words = message.replace(/^microvm-sweep: (error: )?/u, "").split(" ");
  const pieces: string[][] = [[]];
  for (const word of words) {
    if (isValue(word)) pieces.push([]);
    else pieces.at(-1)?.push(word);
  }
  return pieces.every((piece) => piece.length === 0 || isText(piece));
}

function isText(words: readonly string[]): boolean {
  if (words.length === 1) return TEXT.includes(` ${words[0]}`);
  for (let start = 0, texts = 0; start < words.length; texts += 1) {
    let end = words.length;
    while (end > start && !TEXT.includes(words.slice(start, end).join(" "))) end -= 1;
    if (end - start < 2 || texts === 3) return false;
    start = end;
  }
  return true;
}

/** What a page quotes as a line of the sweep: in the table of its lines, and in its sentences. */
function quotedIn(page: string): string[] {
  const text = read(page);
  const rows = [...text.matchAll(/^\| `([a-z][^`|]* [^`|]*)` \| /gmu)].map(
    ([, quoted = ""]) => quoted,
  );
  const start = "microvm-sweep: |would stop |stopping orphaned ";
  const inline = [...prose(page).matchAll(new RegExp(`\`((?:${start})[^\`]*)\``, "gu"))];
  return [
    ...(/^\| (the switch|it) says \|/mu.test(text) ? rows : []),
    ...inline.map(([, quoted = ""]) => quoted),
  ];
}

// A changelog says what releases printed that are gone.
const QUOTED = PAGES.filter((page) => page !== "CHANGELOG.md").flatMap((page) =>
  [...new Set(quotedIn(page))]
    .filter((text) => text !== "microvm-sweep: error:")
    .map((text) => [page, text] as const),
);

describe("the messages that the pages quote", () => {
  it("are found", () => {
    expect(QUOTED.length).toBeGreaterThan(6);
    expect(Object.keys(VERBS)).toContain("stop");
  });

  it.each(QUOTED)("in %s are printed by the program: %s", (_, message) => {
    expect(isPrinted(message)).toBe(true);
  });

  it.each([
    "stopping removed MicroVMs: web",
    "web runs on for a while, because …",
    "left alone: PATH, which is an old unit file",
  ])("would not pass where the program does not print them: %s", (message) => {
    expect(isPrinted(message)).toBe(false);
  });
});
