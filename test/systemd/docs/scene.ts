import { TEMPLATES } from "../units.ts";
import type { DocumentedHost, Shown } from "./documentedHost.ts";

/** A block `sh host` of the pages that runs here: on a host as the page presupposes it, and with what it promises. */
export interface HostScene {
  /** The first lines of the block; several where pages differ. */
  readonly first: readonly string[];
  /** The only page that the scene is for; without one, all that have the block. */
  readonly page?: string;
  readonly prepare: (docs: DocumentedHost) => void;
  readonly check: (docs: DocumentedHost, shown: Shown) => void;
  /** The commands of the block that are to fail, each after its status. */
  readonly failed?: readonly string[];
}

export const DRY = "nixos-rebuild dry-activate --flake .#hyp-01";
export const SWITCH = "nixos-rebuild switch --flake .#hyp-01";
export const WOULD_STOP_WEB = "would stop orphaned MicroVMs: web\n";
export const TIME = "20261128T221100Z";

/** The drop-in of a VM that `begin` makes. */
export const dropIn = (name: string) => `/etc/systemd/system.control/microvm@${name}.service.d`;

/** A template that somebody has copied into a directory of their own. */
export const COPIED = "/usr/local/lib/systemd/system/microvm@.service";

/** A host that has it, with `web`, which runs and has a drop-in. */
export function copiedTemplate(docs: DocumentedHost): void {
  docs.begin(["web"]);
  docs.host.units({ [COPIED]: TEMPLATES["microvm@.service"] ?? "" });
}

/** A host with `bar`, which an earlier switch removed and somebody started again. */
export function lingering(docs: DocumentedHost): void {
  docs.beginAndDeclare(["fw", "bar"], ["fw"]);
  docs.must("nixos-rebuild switch");
  docs.host.start("bar");
}
