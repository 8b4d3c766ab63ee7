import { CONTROL, type Description } from "../describedHost.ts";

/** A host that chance rarely makes, and what a sweep does to it, written down by hand. */
export interface Example extends Description {
  /** Files and links that go. */
  readonly gone: readonly string[];
  /** Calls of systemctl that change something, sorted. */
  readonly calls: readonly string[];
}

/** Examples by the words for what must hold. */
export type Examples = Readonly<Record<string, Example>>;

export const ROOTS = "/nix/var/nix/gcroots/microvm";
export const DROP_INS = `${CONTROL}/microvm@bar.service.d/x.conf`;
export const STOPPED = ["stop microvm@bar.service"];
export const NOTHING = { gone: [], calls: [] };
