import { invariant } from "../diagnostics/internalError.ts";
import { visible } from "../diagnostics/render.ts";
import { DEFAULT_STATE_DIR, FAMILIES } from "../microvm/names.ts";
import { declaredArguments, type HostSweep, release, settingArguments } from "./program.ts";
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
export function emitPage(sweep: HostSweep, { command }: PageOrigin): string {
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

/**
 * The command that a page names in its header and in its messages. There is none where the two differ, or
 * where the header has a character that hides or moves text: `emitPage` writes no such page.
 */
export function commandOf(page: string): string | undefined {
  const command = /^# {3}(microvm-sweep gen.*)$/m.exec(page)?.[1];
  if (command === undefined || visible(command) !== command) return undefined;
  return page.includes(nixString(command)) ? command : undefined;
}
