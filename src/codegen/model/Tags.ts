import type { CommentTag } from "./splitComment.ts";

/**
 * The tags of one doc comment, with what is wrong about them. A tag that is not in `known` is a
 * fault: a misspelt tag must not pass for a missing one.
 */
export class Tags {
  readonly #tags: readonly CommentTag[];
  readonly #report: (message: string) => void;

  constructor(
    tags: readonly CommentTag[],
    known: readonly string[],
    report: (message: string) => void,
  ) {
    this.#tags = tags;
    this.#report = report;
    for (const { name } of tags) {
      if (!known.includes(name)) {
        report(`unknown tag @${name}; known here: ${known.map((tag) => `@${tag}`).join(", ")}`);
      }
    }
  }

  has(name: string): boolean {
    return this.#tags.some((tag) => tag.name === name);
  }

  /** The values of a tag that may be given more than once. */
  all(name: string): readonly string[] {
    return this.#tags.filter((tag) => tag.name === name).map((tag) => tag.lines.join("\n"));
  }

  /** The lines of a tag's value; undefined where the tag is missing. */
  lines(name: string): readonly string[] | undefined {
    const [first, second] = this.#tags.filter((tag) => tag.name === name);
    if (second !== undefined) this.#report(`tag @${name} is given twice`);
    if (first?.lines.length === 0) this.#report(`tag @${name} has no value`);
    return first?.lines;
  }

  text(name: string): string | undefined {
    return this.lines(name)?.join("\n");
  }

  /** The value of a tag that holds JSON; undefined where the tag is missing. */
  json(name: string): unknown {
    const text = this.text(name);
    if (text === undefined || text === "") return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      this.#report(`the value of @${name} is not JSON: ${text}`);
      return undefined;
    }
  }
}
