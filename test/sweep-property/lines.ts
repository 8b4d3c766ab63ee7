const TIME = /\d{8}T\d{6}Z/g;
/** The words of a line of action, as they stand behind "would". */
const VERBS: Readonly<Record<string, string>> = {
  stopping: "stop",
  removing: "remove",
  quarantining: "quarantine",
  reloading: "reload",
  resetting: "reset",
  archiving: "archive",
  deleting: "delete",
};

/** A line as its words and its items: `removing stale unit files: a, b`. */
function parseLine(line: string): [string, string[]] {
  const [words = "", ...rest] = line.split(": ");
  const items = rest.join(": ");
  const list = items === "" ? [] : items.split(", ").map((item) => item.replace(TIME, "TIME"));
  return [words, list.sort()];
}

/** The lines of standard output by what they do; `would stop` and `stopping` are the same act. */
export function parseActs(stdout: string, dry: boolean): Record<string, string[]> {
  const lines = stdout.split("\n").filter(Boolean).map(parseLine);
  return Object.fromEntries(
    lines.map(([words, items]) => {
      const [verb = "", ...others] = words.split(" ");
      if (dry) return [verb === "would" ? others.join(" ") : `not "would": ${words}`, items];
      return [[VERBS[verb] ?? `unknown ${verb}`, ...others].join(" "), items];
    }),
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\u001b": "\\E",
  "\n": "\\n",
  "'": "\\'",
  "\\": "\\\\",
};

/** How a path or name is printed: as it is, or quoted as Bash does where a terminal would not show it. */
export function asText(item: string): string {
  if (/^[\x20-\x7e]*$/.test(item)) return item;
  const bytes = [...Buffer.from(item)].map((byte) => {
    const character = String.fromCharCode(byte);
    if (byte >= 0x20 && byte < 0x7f) return ESCAPES[character] ?? character;
    return ESCAPES[character] ?? `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `$'${bytes.join("")}'`;
}

/** Whether a text contains a name or a path as a word of its own, plain or as Bash quotes it. */
export function mentions(text: string, item: string): boolean {
  const forms = [asText(item), item.replaceAll("\\", "\\\\")];
  return forms.some((form) => {
    const around = form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`(^|[\\s(])${around}(?=$|[\\s,;:).])`, "m").test(text);
  });
}

/** The lines of standard error that are not the program's. */
export function strayLines(stderr: string): string[] {
  return stderr
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("microvm-sweep: "))
    .filter((line) => !/^(Failed to connect to bus|Running in chroot)/.test(line));
}

/** Control characters, which a terminal would obey (design, invariant 10). */
export function controlCharacters(text: string): string[] {
  return [...text.matchAll(/[\x00-\x09\x0b-\x1f\x7f\x80-\x9f]/g)].map(([found]) =>
    JSON.stringify(found),
  );
}
