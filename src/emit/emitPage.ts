import { invariant } from "../diagnostics/invariant.ts";
import { DEFAULT_STATE_DIR } from "../microvm/directories.ts";
import { FAMILIES } from "../microvm/names.ts";
import { declaredArguments, type HostSweep, settingArguments } from "./hostSweep.ts";
import { release } from "./program.ts";
import {
  type Comment,
  comment,
  type NixList,
  type NixString,
  nixList,
  nixString,
  shellCommand,
} from "./quote.ts";
import { templates } from "./templates.generated.js";

/** Where a page came from. */
export interface PageOrigin {
  /** The words of the command that makes the page again. */
  readonly command: readonly string[];
}

/** What `templates/page.hbs` may name; the hooks of the live module name none of it. */
interface PageView {
  readonly hostName: Comment;
  readonly commandComment: Comment;
  readonly command: NixString;
  readonly generated: NixList;
  readonly settings: NixList;
  /** One of these is true: what the administrator chose as the backend. */
  readonly auto: boolean;
  readonly activation: boolean;
  readonly service: boolean;
}

/** What `templates/page.hbs` names in every page and in the hooks of the live module. */
const COMMON = {
  defaultStateDir: nixString(DEFAULT_STATE_DIR),
  /** Prefixes of the units of one MicroVM, with a space between them. */
  units: nixString(
    [FAMILIES.installPrefix, ...FAMILIES.templatePrefixes.map((prefix) => `${prefix}@`)].join(" "),
  ),
};

function render(view: ({ readonly live: false } & PageView) | { readonly live: true }): string {
  const template = templates["page"];
  invariant(template !== undefined, "no template page");
  return template({ ...COMMON, release: release(), ...view });
}

/**
 * Renders the page: the NixOS module that an administrator reads, commits and imports (docs/design.md,
 * "The page and its hooks"). Equal input gives equal text: no date and no path of the machine.
 */
export function emitPage(sweep: HostSweep, origin: PageOrigin): string {
  const command = shellCommand(origin.command);
  return render({
    live: false,
    hostName: comment(sweep.hostName),
    commandComment: comment(command),
    command: nixString(command),
    generated: nixList(declaredArguments(sweep), "  "),
    settings: nixList(settingArguments(sweep), "  "),
    auto: sweep.backend === "auto",
    activation: sweep.backend === "activation",
    service: sweep.backend === "service",
  });
}

/** Renders the hooks of the live module: a Nix function, from the same template as the page. */
export function emitLiveHooks(): string {
  return render({ live: true });
}

/** The two lines of a page that hold its command: in the header, and for the messages of the page. */
const COMMAND_LINES = [/^# {3}microvm-sweep .*$/m, /^ {2}command = ".*$/m];

/**
 * The page `expected` with the command of the page `current`. The command says where a page came from and
 * not what it does: it differs where one was made of a usage document and the other of a flake.
 */
export function withCommandOf(current: string, expected: string): string {
  return COMMAND_LINES.reduce((page, pattern) => {
    const line = pattern.exec(current)?.[0];
    return line === undefined ? page : page.replace(pattern, () => line);
  }, expected);
}
