import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The parts of the program, `templates/microvm-sweep/PART.bash`. */
export const PARTS: readonly string[] = readdirSync(join(ROOT, "templates/microvm-sweep")).map(
  (file) => basename(file, ".bash"),
);

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** The line of the page on which its first line stands. */
  readonly line: number;
  /**
   * What stands behind the fence: `sh` for commands that blocks.test.ts runs, `sh host` for those that
   * need a host and run in test/systemd/docs, `sh planned` for those of a later release, `text scene NAME COMMAND` for
   * what the program prints, which the tests compare.
   */
  readonly language: string;
  readonly text: string;
}

/** Every Markdown file that git knows or would add, by its path in the repository. */
export const PAGES: readonly string[] = spawnSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
  { cwd: ROOT, encoding: "utf8" },
)
  .stdout.split("\n")
  .filter((page) => page !== "" && existsSync(join(ROOT, page)));

export function read(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The fenced blocks of a page, without the indentation of a list that they stand in. */
export function blocksOf(page: string): Block[] {
  return [...read(page).matchAll(/^( *)```(\S[^\n]*)?\n(.*?)^\1```$/gmsu)].map((match) => {
    const [, indent = "", language = "", text = ""] = match;
    const line = read(page).slice(0, match.index).split("\n").length + 1;
    return { page, line, language, text: text.replaceAll(new RegExp(`^${indent}`, "gmu"), "") };
  });
}

/** A page without its blocks and its code spans: the prose, with links and headings. */
export function prose(page: string): string {
  return read(page)
    .replaceAll(/^( *)```.*?^\1```$/gmsu, "")
    .replaceAll(/^ {4}.*$/gmu, "");
}
