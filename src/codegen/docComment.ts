/** One tag of a doc comment: its name without the at sign, and the lines of its value. */
interface CommentTag {
  readonly name: string;
  readonly lines: readonly string[];
}

const TAG = /^@(?<name>\w+)(?:\s+(?<value>.*))?$/u;

/**
 * A doc comment of a model file: prose first, then tags. A tag begins at the start of a line. The lines
 * after it belong to it and keep their indentation relative to the first of them.
 */
export class DocComment {
  readonly documentation: string;
  readonly #tags: readonly CommentTag[];
  readonly #report: (message: string) => void;

  /**
   * Reports a comment without prose, and a tag that is not in `knownTags`, so that a misspelt tag does
   * not pass for a missing one.
   *
   * @param text the inner text of the comment
   */
  constructor(text: string, knownTags: readonly string[], report: (message: string) => void) {
    const prose: string[] = [];
    const tags: { name: string; lines: string[] }[] = [];
    for (const line of text.split("\n")) {
      const { name, value } = TAG.exec(line)?.groups ?? {};
      if (name !== undefined) tags.push({ name, lines: value ? [value.trimEnd()] : [] });
      else (tags.at(-1)?.lines ?? prose).push(line.trimEnd());
    }
    this.documentation = prose.join("\n").trim();
    this.#tags = tags.map(({ name, lines }) => ({ name, lines: outdent(lines) }));
    this.#report = report;
    if (this.documentation === "") report("has no doc comment that says what it is");
    for (const { name } of tags) {
      if (knownTags.includes(name)) continue;
      const known = knownTags.map((tag) => `@${tag}`).join(", ");
      report(`unknown tag @${name}; known here: ${known === "" ? "none" : known}`);
    }
  }

  has(name: string): boolean {
    return this.#tags.some((tag) => tag.name === name);
  }

  /** Returns the values of a tag that may be given more than once. */
  all(name: string): readonly string[] {
    return this.#tags.filter((tag) => tag.name === name).map((tag) => tag.lines.join("\n"));
  }

  /** Returns the lines of the value of a tag, or `undefined` where the tag is missing. */
  lines(name: string): readonly string[] | undefined {
    const [first, second] = this.#tags.filter((tag) => tag.name === name);
    if (second !== undefined) this.#report(`tag @${name} is given twice`);
    if (first?.lines.length === 0) this.#report(`tag @${name} has no value`);
    return first?.lines;
  }

  text(name: string): string | undefined {
    return this.lines(name)?.join("\n");
  }

  /** Returns the value of a tag that holds JSON, or `undefined` where the tag is missing. */
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

function outdent(lines: readonly string[]): readonly string[] {
  const filled = lines.filter((line) => line !== "");
  const margin = Math.min(...filled.map((line) => line.length - line.trimStart().length));
  return filled.map((line) => line.slice(margin));
}
