/** One tag of a doc comment: its name without the at sign, and the lines of its value. */
export interface CommentTag {
  readonly name: string;
  readonly lines: readonly string[];
}

/** A doc comment, taken apart. */
export interface SplitComment {
  readonly documentation: string;
  readonly tags: readonly CommentTag[];
}

const TAG = /^@(?<name>\w+)(?:\s+(?<value>.*))?$/u;

/**
 * Takes the inner text of a doc comment apart: prose first, then tags. A tag begins at the start of
 * a line; indented lines after it belong to it and keep their indentation relative to the first of them.
 */
export function splitComment(text: string): SplitComment {
  const prose: string[] = [];
  const tags: { name: string; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const { name, value } = TAG.exec(line)?.groups ?? {};
    if (name !== undefined) tags.push({ name, lines: value ? [value.trimEnd()] : [] });
    else (tags.at(-1)?.lines ?? prose).push(line.trimEnd());
  }
  return {
    documentation: prose.join("\n").trim(),
    tags: tags.map(({ name, lines }) => ({ name, lines: outdent(lines) })),
  };
}

function outdent(lines: readonly string[]): readonly string[] {
  const filled = lines.filter((line) => line !== "");
  const margin = Math.min(...filled.map((line) => line.length - line.trimStart().length));
  return filled.map((line) => line.slice(margin));
}
