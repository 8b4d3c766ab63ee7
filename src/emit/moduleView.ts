import { invariant } from "../diagnostics/internalError.ts";
import { DEFAULT_STATE_DIR } from "../microvm/directories.ts";
import { emitScript } from "./emitScript.ts";
import type { HostSweep } from "./hostSweep.ts";
import type { Provenance } from "./provenance.ts";
import type { NixComment, NixIndented, NixList, NixString } from "./quote/brands.ts";
import { nixComment } from "./quote/nixComment.ts";
import { nixIndentedString } from "./quote/nixIndentedString.ts";
import { nixString } from "./quote/nixString.ts";
import { nixStringList } from "./quote/nixStringList.ts";
import { shellCommand } from "./quote/shellCommand.ts";

/** The first NixOS release that warns about activation scripts (nixpkgs pull 557322). */
export const FIRST_SERVICE_RELEASE = "26.11";

/** What `templates/module.hbs` may name. */
export interface ModuleView {
  readonly hostName: NixComment;
  readonly source: NixComment;
  readonly command: NixComment;
  readonly hostNameText: NixIndented;
  readonly commandText: NixIndented;
  readonly vms: NixList;
  readonly autostart: NixList;
  readonly stateDir: NixString;
  readonly defaultStateDir: NixString;
  readonly firstServiceRelease: NixString;
  /** The script, its path of systemctl left to Nix. */
  readonly script: NixIndented;
  readonly chooses: boolean;
  readonly activation: boolean;
}

/** Stands for the path of systemctl in the script: Nix puts the real one in its place. */
const SYSTEMCTL = "@systemctl@";

/** The script for the inside of an indented Nix string, where Nix says what systemctl is. */
function nixScript(program: HostSweep): NixIndented {
  const script = emitScript(program, { systemctl: SYSTEMCTL });
  const assignment = `systemctl=${SYSTEMCTL}\n`;
  const start = script.indexOf(assignment);
  invariant(start >= 0, "the script does not name systemctl");
  const indent = "    ";
  return [
    nixIndentedString(script.slice(0, start), indent),
    `${indent}systemctl=\${config.systemd.package}/bin/systemctl\n`,
    nixIndentedString(script.slice(start + assignment.length).trimEnd(), indent),
  ].join("") as NixIndented;
}

/** Quotes a program and its provenance for Nix. */
export function moduleView(program: HostSweep, provenance: Provenance): ModuleView {
  const command = shellCommand(provenance.command);
  const indent = "    ";
  return {
    hostName: nixComment(program.hostName),
    source: nixComment(provenance.source),
    command: nixComment(command),
    hostNameText: nixIndentedString(nixComment(program.hostName), ""),
    commandText: nixIndentedString(command, ""),
    vms: nixStringList(program.vms, indent),
    autostart: nixStringList(program.autostart, indent),
    stateDir: nixString(program.stateDir),
    defaultStateDir: nixString(DEFAULT_STATE_DIR),
    firstServiceRelease: nixString(FIRST_SERVICE_RELEASE),
    script: nixScript(program),
    chooses: provenance.backend === "auto",
    activation: provenance.backend === "activation",
  };
}
