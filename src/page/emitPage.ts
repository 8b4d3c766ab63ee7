import { createHash } from "node:crypto";
import { invariant } from "../diagnostics/internalError.ts";
import { visible } from "../diagnostics/render.ts";
import { DEFAULT_STATE_DIR } from "../microvm/names.ts";
import {
  checksumOfFiles,
  declaredArguments,
  type HostSweep,
  programFiles,
  release,
  settingArguments,
} from "./program.ts";
import {
  type Comment,
  comment,
  type NixList,
  type NixString,
  nixList,
  nixString,
} from "./quote.ts";
import { templates } from "./templates.generated.js";

/** Where a page came from. */
export interface PageOrigin {
  /** The command that makes the page again, as a line for a shell (`shellCommand`). */
  readonly command: string;
}

/** What `templates/page.hbs` may name; the hooks of the live module name none of it. */
interface PageView {
  readonly hostName: Comment;
  readonly commandComment: Comment;
  readonly command: NixString;
  readonly outOfDate: string;
  readonly checksum: string;
  /** The checksum of the program's files. */
  readonly program: string;
  readonly generated: NixList;
  readonly settings: NixList;
}

/** Which hooks the text has. */
interface HooksView {
  /** The word of `--backend`: a word, or Nix that chooses one. */
  readonly backendWord: string;
  /** Whether the evaluation chooses between the two hooks. */
  readonly mayChoose: boolean;
  readonly mayActivate: boolean;
  /** Whether a host without activation scripts is an error. */
  readonly needsActivation: boolean;
  readonly mayServe: boolean;
  /** Whether the text has the check before a switch. */
  readonly mayCheck: boolean;
  /** Whether it sets anything of `system`. */
  readonly hasSystem: boolean;
}

/** The Nix that chooses the word of `--backend`, from the name of a boolean. */
function choice(isActivation: string): string {
  return `\${if ${isActivation} then "activation" else "service"}`;
}

/** The hooks of a page: one more or less as the policy needs it. */
function hooksOf({ backend, policy }: HostSweep): HooksView {
  const mayChoose = backend === "auto";
  const mayActivate = backend !== "service";
  const mayCheck = policy.limit !== null;
  return {
    backendWord: mayChoose ? choice("runsActivation") : backend,
    mayChoose,
    mayActivate,
    needsActivation: backend === "activation",
    mayServe: backend !== "activation",
    mayCheck,
    hasSystem: mayActivate || mayCheck,
  };
}

/** The live module has all hooks: it chooses when the configuration is evaluated. */
const LIVE_HOOKS: HooksView = {
  backendWord: choice("activation"),
  mayChoose: true,
  mayActivate: true,
  needsActivation: false,
  mayServe: true,
  mayCheck: true,
  hasSystem: true,
};

/** The state directory where the configuration names none. */
const COMMON = { defaultStateDir: nixString(DEFAULT_STATE_DIR) };

function render(
  view: HooksView & (({ readonly live: false } & PageView) | { readonly live: true }),
): string {
  const template = templates["page"];
  invariant(template !== undefined, "no template page");
  return template({ ...COMMON, release: release(), ...view });
}

/** Nix of the message of the guard: a text, with what changed and the command. */
function outOfDate(hostName: string): string {
  const start = nixString(`The page of microvm-sweep for ${hostName} is out of date: `).slice(
    0,
    -1,
  );
  return `${start}\${lib.concatStringsSep ", " changes}. \${advice}: \${command}"`;
}

/** Stands for the checksum while it is computed. */
const NO_CHECKSUM = "0".repeat(16);

/** The first line of a page or an index, and the second: the command that makes it again. */
const COMMAND_LINE = /^(#[^\n]*\n)# {3}([^\n]*)\n/;

/** The lines that the checksum leaves out: itself, and the command, which says nothing of the host. */
const LEFT_OUT = /^(?:# Checksum | {2}command = ").*\n/gm;

const CHECKSUM = /^# Checksum ([0-9a-f]{16})(?:, of the program ([0-9a-f]{16}))?\. /m;

function checksumOf(page: string): string {
  const covered = page.replace(COMMAND_LINE, "$1").replace(LEFT_OUT, "");
  return createHash("sha256").update(covered).digest("hex").slice(0, NO_CHECKSUM.length);
}

/**
 * Renders the page: the NixOS module that an administrator reads, commits and imports (docs/design.md,
 * "Order and hooks"). Equal input gives equal text: no date and no path of the machine.
 */
export function emitPage(sweep: HostSweep, { command }: PageOrigin): string {
  const page = render({
    live: false,
    ...hooksOf(sweep),
    hostName: comment(sweep.hostName),
    commandComment: comment(command),
    command: nixString(command),
    outOfDate: outOfDate(sweep.hostName),
    checksum: NO_CHECKSUM,
    program: checksumOfFiles(programFiles()),
    generated: nixList(declaredArguments(sweep), "  "),
    settings: nixList(settingArguments(sweep), "  "),
  });
  return page.replace(CHECKSUM, (line) => line.replace(NO_CHECKSUM, checksumOf(page)));
}

/** Renders the hooks of the live module: a Nix function, from the same template as the page. */
export function emitLiveHooks(): string {
  return render({ live: true, ...LIVE_HOOKS });
}

/**
 * The command that a page names in its header and in its messages. There is none where the two differ, or
 * where the header has a character that hides or moves text: `emitPage` writes no such page.
 */
export function commandOf(page: string): string | undefined {
  const command = COMMAND_LINE.exec(page)?.[2];
  if (command === undefined || visible(command) !== command) return undefined;
  return page.includes(nixString(command)) ? command : undefined;
}

/** The checksum of the program that a page was generated with; none in an edited page. */
export function programOfPage(page: string): string | undefined {
  const { kind, isEdited } = recognize(page);
  return kind === "page" && !isEdited ? CHECKSUM.exec(page)?.[2] : undefined;
}

/** What a page gives its program beside the names: the words that are not the default, and the backend. */
export function policyOfPage(page: string): readonly string[] {
  const list = /^ {2}settings = (\[[\s\S]*?\]);$/m.exec(page)?.[1] ?? "";
  const words = [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) => word);
  const backend = / (--backend=(?:activation|service)) /.exec(page)?.[1];
  const settings = words.filter((word) => !word.startsWith("--host="));
  return backend === undefined ? settings : [...settings, backend];
}

const PAGE_HEADER = "# Generated by microvm-sweep for the NixOS configuration ";
const INDEX_HEADER = "# Generated by microvm-sweep for all hosts of a fleet. ";

/** The names in `microvm.vms` that a page was generated for. */
export function vmsOfPage(page: string): readonly string[] {
  const end = page.indexOf("\n  settings = ");
  return [...page.slice(0, end).matchAll(/^ {4}"--vm=(.*)"$/gm)].map(([, name = ""]) =>
    name.replaceAll("\\\\", "\\"),
  );
}

/** A line that an index may have. */
const INDEX_LINE =
  /^(?:#.*|\{|\}|\{ \}| {2}(?:[\w'-]+|"(?:[^"\\]|\\.)*") = \.\/(?:\S+|\. \+ "[^"]*");)$/s;

/** What a file in the place of a page or of an index is. */
export interface Recognized {
  /** By its header, whatever came after it. `empty` is `{ }` or nothing, before the first run. */
  readonly kind: "page" | "index" | "empty" | "foreign";
  /** Whether somebody has changed a page or an index since it was generated. */
  readonly isEdited: boolean;
}

/**
 * Recognizes what this program has written, of any release. A page carries its own checksum, so that pages of
 * different hosts merge without a conflict. An index is edited where it has a line that none has.
 */
export function recognize(text: string): Recognized {
  if (text.startsWith(PAGE_HEADER)) {
    return { kind: "page", isEdited: CHECKSUM.exec(text)?.[1] !== checksumOf(text) };
  }
  if (text.startsWith(INDEX_HEADER)) {
    const lines = text.trimEnd().split("\n");
    return { kind: "index", isEdited: !lines.every((line) => INDEX_LINE.test(line)) };
  }
  return { kind: /^\s*(?:\{\s*\}\s*)?$/.test(text) ? "empty" : "foreign", isEdited: false };
}

/** An index with the command of another: the command says nothing of the hosts. */
export function withCommandOf(other: string, index: string): string {
  const command = COMMAND_LINE.exec(other)?.[2];
  if (command === undefined) return index;
  return index.replace(COMMAND_LINE, (_all, first) => `${first}#   ${command}\n`);
}

/** Names that Nix takes as an attribute without quotes; a keyword is none. */
const ATTRIBUTE = /^(?!(?:assert|else|if|in|inherit|let|or|rec|then|with)$)[A-Za-z_][\w'-]*$/;

/**
 * Renders the index of a fleet: a Nix attribute set from the name of each host to the path of its page.
 *
 * @param fileOf the file of the page of a host, beside the index
 */
export function emitIndex(
  hosts: Iterable<string>,
  fileOf: (host: string) => string,
  { command }: PageOrigin,
): string {
  const lines = [...hosts].sort();
  for (const [index, host] of lines.entries()) {
    const file = fileOf(host);
    const name = ATTRIBUTE.test(host) ? host : nixString(host);
    const path = file.includes("%") ? `./. + ${nixString(`/${file}`)}` : `./${file}`;
    lines[index] = `  ${name} = ${path};\n`;
  }
  return `${INDEX_HEADER}Do not edit it, generate it again:
#   ${comment(command)}
# A host imports its page with: imports = [ (import ./DIRECTORY).\${name} ];
${lines.length === 0 ? "{ }" : `{\n${lines.join("")}}`}
`;
}
