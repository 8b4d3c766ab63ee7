// Draws the pictures of the documentation as SVG: `npm run docs:pictures`. Both are narrow, so that
// a phone shows their text in a size that can be read, and white, so that they work on a dark page.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DOCS = fileURLToPath(new URL("..", import.meta.url));
const WIDTH = 460;
const MARGIN = 12;
const LINE = 18;
/** Width of a character in 13px text, as an average over fonts. */
const CHARACTER = 6.9;

interface Box {
  readonly lines: readonly string[];
  /** A strip at the foot of the box, with a colour of its own. */
  readonly strip?: {
    readonly title: string;
    readonly lines: readonly string[];
    readonly color: string;
  };
  /** What stands beside the arrow to the next box. */
  readonly arrow?: string;
}

const escapeXml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Breaks a text into lines that fit into a box. */
function wrap(text: string): string[] {
  const limit = Math.floor((WIDTH - 4 * MARGIN) / CHARACTER);
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= limit) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function textLines(lines: readonly string[], top: number, style = ""): string[] {
  return lines.map(
    (line, index) =>
      `<text x="${2 * MARGIN}" y="${top + LINE * (index + 1)}"${style}>${escapeXml(line)}</text>`,
  );
}

/** Draws one box below `top`, with its strip and the arrow to the next; returns where that starts. */
function drawBox({ lines, strip, arrow }: Box, top: number): { parts: string[]; bottom: number } {
  const inner = WIDTH - 2 * MARGIN;
  const head = lines.length * LINE + MARGIN;
  const foot = strip === undefined ? 0 : (strip.lines.length + 1) * LINE + MARGIN;
  const parts = [
    `<rect x="${MARGIN}" y="${top}" width="${inner}" height="${head + foot}" rx="8" fill="#f6f8fa" stroke="#57606a"/>`,
    ...textLines(lines, top),
  ];
  if (strip !== undefined) {
    parts.push(
      `<path d="M${MARGIN} ${top + head}h${inner}v${foot - 8}a8 8 0 0 1-8 8h-${inner - 16}a8 8 0 0 1-8-8z" fill="${strip.color}" stroke="#57606a"/>`,
      ...textLines([strip.title], top + head, ' font-weight="bold"'),
      ...textLines(strip.lines, top + head + LINE),
    );
  }
  const bottom = top + head + foot;
  if (arrow === undefined) return { parts, bottom };
  const middle = 3 * MARGIN;
  parts.push(
    `<path d="M${middle} ${bottom}v26m-5-7l5 7l5-7" fill="none" stroke="#57606a" stroke-width="1.5"/>`,
    `<text x="${middle + MARGIN}" y="${bottom + 18}" font-style="italic">${escapeXml(arrow)}</text>`,
  );
  return { parts, bottom: bottom + 28 };
}

function picture(title: string, boxes: readonly Box[]): string {
  const parts: string[] = [];
  let top = MARGIN;
  for (const box of boxes) {
    const drawn = drawBox(box, top);
    parts.push(...drawn.parts);
    top = drawn.bottom;
  }
  const height = top + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1f2328" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#fff"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

/** The path from a flake to a clean host. */
function pathPicture(): string {
  return picture("From a flake to a clean host", [
    { lines: ["Your flake: nixosConfigurations"], arrow: "nix eval, with the extractor" },
    {
      lines: wrap("The usage: names of the VMs, state directory (JSON)"),
      arrow: "microvm-sweep gen",
    },
    {
      lines: [
        "microvm-sweep.nix: the page, one for each host",
        "microvm-sweep.bash: the program, the same for all",
      ],
      arrow: "you review, commit and import the page",
    },
    {
      lines: wrap("nixos-rebuild switch: the hooks of the page run the program on the host"),
      arrow: "stop, remove, reload, reset",
    },
    { lines: ["A clean host, and a line for each thing that was done"] },
  ]);
}

/** Colours of what happens: nothing, something removed, something stopped. */
function colorOf(happens: string): string {
  if (happens.startsWith("stopped")) return "#ffd8b5";
  return happens.startsWith("nothing") || happens.startsWith("named") ? "#dafbe1" : "#fff8c5";
}

/** The decision on a name, row by row, from the table of the design that has the rules. */
function verdictPicture(design: string): string {
  const rows = [...design.matchAll(/^\| \d+ \| (.*?) \| (.*?) \| (.*?) \|$/gmu)];
  if (rows.length === 0) throw new Error("the design has no table of verdicts");
  const boxes = rows.map(([, condition = "", verdict = "", happens = ""], index): Box => {
    const plain = (text: string) => text.replaceAll("`", "");
    const strip = {
      title: `yes: ${verdict}`,
      lines: wrap(plain(happens)),
      color: colorOf(happens),
    };
    const box = { lines: wrap(`${index + 1}. ${plain(condition)}`), strip };
    return index + 1 === rows.length ? box : { ...box, arrow: "no" };
  });
  return picture("The verdict on a name: the first row that fits", boxes);
}

/** Every picture, by its file in `docs/pictures`. */
export function drawPictures(): Map<string, string> {
  const design = readFileSync(`${DOCS}/design.md`, "utf8");
  return new Map([
    ["path.svg", pathPicture()],
    ["verdicts.svg", verdictPicture(design)],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(`${DOCS}/pictures`, { recursive: true });
  for (const [file, text] of drawPictures()) writeFileSync(`${DOCS}/pictures/${file}`, text);
}
