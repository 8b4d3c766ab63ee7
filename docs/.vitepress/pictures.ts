// Draws the pictures of the documentation as SVG: `npm run docs:pictures`. Both are narrow, so that
// a phone shows their text in a size that can be read. They follow the scheme of the page, light or dark.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DOCS = fileURLToPath(new URL("..", import.meta.url));
const WIDTH = 460;
const MARGIN = 12;
const LINE = 18;
/** Width of a character in 13px text, as an average over fonts. */
const CHARACTER = 6.9;

/** What happens to a VM, for the colour of a strip. */
type Kind = "stops" | "goes" | "stays";

/** The colours of both schemes. An image takes the scheme of the element that shows it. */
const STYLE = [
  "text{fill:#1f2328}.page{fill:#fff}.box{fill:#f6f8fa;stroke:#57606a}.arrow{stroke:#57606a}",
  ".strip{stroke:#57606a}.stops{fill:#ffd8b5}.goes{fill:#fff3b0}.stays{fill:#dafbe1}",
  "@media (prefers-color-scheme:dark){",
  "text{fill:#e6edf3}.page{fill:#1b1b1f}.box{fill:#23262c;stroke:#8b949e}.arrow{stroke:#8b949e}",
  ".strip{stroke:#8b949e}.stops{fill:#5c2f10}.goes{fill:#463a0a}.stays{fill:#15391f}}",
].join("");

interface Box {
  readonly lines: readonly string[];
  /** A strip at the foot of the box, with a colour of its own. */
  readonly strip?: {
    readonly title: string;
    readonly lines: readonly string[];
    readonly kind: Kind;
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
    `<rect x="${MARGIN}" y="${top}" width="${inner}" height="${head + foot}" rx="8" class="box"/>`,
    ...textLines(lines, top),
  ];
  if (strip !== undefined) {
    parts.push(
      `<path d="M${MARGIN} ${top + head}h${inner}v${foot - 8}a8 8 0 0 1-8 8h-${inner - 16}a8 8 0 0 1-8-8z" class="strip ${strip.kind}"/>`,
      ...textLines([strip.title], top + head, ' font-weight="bold"'),
      ...textLines(strip.lines, top + head + LINE),
    );
  }
  const bottom = top + head + foot;
  if (arrow === undefined) return { parts, bottom };
  const middle = 3 * MARGIN;
  parts.push(
    `<path d="M${middle} ${bottom}v26m-5-7l5 7l5-7" class="arrow" fill="none" stroke-width="1.5"/>`,
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
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${height}" rx="8" class="page"/>`,
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
        "microvm-sweep/: the program, the same for all",
      ],
      arrow: "you review, commit and import the page",
    },
    {
      lines: wrap("nixos-rebuild switch: decide.bash reads the host, and can change nothing"),
      arrow: "lines: stop web, remove PATH",
    },
    {
      lines: wrap("act.bash checks each line, then stops, removes, reloads, resets and reports"),
      arrow: "no disk, no garbage collection root",
    },
    { lines: ["A clean host, and a line for each thing that was done"] },
  ]);
}

/** What happens with each verdict, from the second table of the design. */
function fatesOf(design: string): Map<string, { readonly text: string; readonly kind: Kind }> {
  const rows = [...design.matchAll(/^\| (\w+) \| (–|yes) \| (stay|go) \| .*? \| (.*?) \|$/gmu)];
  return new Map(
    rows.map(([, verdict = "", stop, files, says = ""]) => {
      const kind = stop === "yes" ? "stops" : files === "go" ? "goes" : "stays";
      const does = files === "go" ? "its unit files go" : "nothing happens";
      const text = stop === "yes" ? `it is stopped, and ${does}` : does;
      return [
        verdict,
        { text: says === "–" || kind !== "stays" ? text : `${text}; ${NAMED}`, kind },
      ];
    }),
  );
}

const NAMED = "it may be named";

/** The decision on a name, row by row, from the tables of the design that have the rules. */
function verdictPicture(design: string): string {
  const rows = [...design.matchAll(/^\| \d+ \| (.*?) \| (\w+) \|$/gmu)];
  const fates = fatesOf(design);
  if (rows.length === 0) throw new Error("the design has no table of verdicts");
  const boxes = rows.map(([, condition = "", verdict = ""], index): Box => {
    const fate = fates.get(verdict);
    if (fate === undefined) throw new Error(`the design does not say what ${verdict} means`);
    const strip = { title: `yes: ${verdict}`, lines: wrap(fate.text), kind: fate.kind };
    const box = { lines: wrap(`${index + 1}. ${condition.replaceAll("`", "")}`), strip };
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
