/** What the frame around the sweep reports, one word a line. */
export const FRAME = "/root/frame";
/** The line of the user microvm in /etc/passwd; its units name the group kvm themselves. */
export const MICROVM_USER = "microvm:x:880:880::/var/empty:/usr/sbin/nologin";

export interface Frame {
  readonly toplevel: string;
  readonly dry: boolean;
  /** Bash of a snippet that runs before, in the same shell. */
  readonly shell: string;
  /** The command of our snippet; empty for a generation without the sweep. */
  readonly sweep: string;
  /** Whether the generation has the host module, and with it the user microvm. */
  readonly hasUser: boolean;
  /** Whether the activation is killed after the sweep. */
  readonly killed: boolean;
}

/**
 * The frame of NixOS's activation script (nixpkgs, nixos/modules/system/activation/activation-script.nix):
 * its PATH, its trap, our snippet before `users` and `etc`, the link at the end. `users` deletes a user
 * that left the configuration (update-users-groups.pl).
 */
export function activationScript(frame: Frame): string {
  const { toplevel, dry, shell, sweep, hasUser, killed } = frame;
  const users = hasUser
    ? `grep -q '^microvm:' /etc/passwd || echo '${MICROVM_USER}' >> /etc/passwd`
    : "sed -i /^microvm:/d /etc/passwd";
  return `#!/bin/bash
systemConfig=${toplevel}
export PATH=/opt/activation
: > ${FRAME}
_status=0
trap "_status=1 _localstatus=\\$?" ERR
umask 0022
${shell}
name=outer status=outer generation=outer OLD_DIRECTORY=$PWD

#### Activation script snippet microvm-sweep:
_localstatus=0
${sweep}
if (( _localstatus > 0 )); then
  printf 'failed %s\\n' "$_localstatus" >> ${FRAME}
fi
${killed ? "kill -KILL $$" : ""}
[[ $name == outer && $status == outer && $generation == outer && $PWD == "$OLD_DIRECTORY" ]] || echo leaked >> ${FRAME}

#### Activation script snippet users:
_localstatus=0
${dry ? "" : users}

#### Activation script snippet etc:
_localstatus=0
${dry ? "" : 'ln -sfn "$systemConfig/etc" /etc/static'}

${dry ? "" : 'ln -sfn "$(readlink -f "$systemConfig")" /run/current-system'}
echo end >> ${FRAME}
exit $_status
`;
}
