/** What the frame around the sweep reports, one word a line. */
export const FRAME = "/root/frame";

export interface Frame {
  readonly toplevel: string;
  readonly dry: boolean;
  /** Bash of a snippet that runs before, in the same shell. */
  readonly shell: string;
  /** The command of our snippet; empty for a generation without the sweep. */
  readonly sweep: string;
  /** Whether the activation is killed after the sweep. */
  readonly killed: boolean;
}

/**
 * The frame of NixOS's activation script (nixpkgs, nixos/modules/system/activation/activation-script.nix):
 * its PATH, its trap, a snippet before ours and one after, the link at the end.
 */
export function activationScript({ toplevel, dry, shell, sweep, killed }: Frame): string {
  return `#!/bin/bash
systemConfig=${toplevel}
export PATH=/opt/activation
: > ${FRAME}
_status=0
trap "_status=1 _localstatus=\\$?" ERR
umask 0022
${shell}

#### Activation script snippet etc:
_localstatus=0
${dry ? "" : 'ln -sfn "$systemConfig/etc" /etc/static'}
name=outer status=outer OLD_DIRECTORY=$PWD

#### Activation script snippet microvm-sweep:
_localstatus=0
${sweep}
if (( _localstatus > 0 )); then
  printf 'failed %s\\n' "$_localstatus" >> ${FRAME}
fi
${killed ? "kill -KILL $$" : ""}

#### Activation script snippet after:
_localstatus=0
[[ $name == outer && $status == outer && $PWD == "$OLD_DIRECTORY" ]] || echo leaked >> ${FRAME}
${dry ? "" : 'ln -sfn "$(readlink -f "$systemConfig")" /run/current-system'}
echo end >> ${FRAME}
exit $_status
`;
}
