import type { Container } from "../container.ts";

/** What every file of a victim holds, so that a copy of it can be found. */
export const SECRET = "a secret of root";

/**
 * Directories of root outside the state directory, in its shape. The first is on the same file system,
 * so that \`rm --one-file-system\` would not spare it.
 */
export const VICTIM = "/var/lib/victim";
export const VICTIMS = [VICTIM, "/etc/hostile-victim"];

/** Where everybody may put files beside those of root, as in /tmp. */
export const SHARED = "/var/lib/shared";
export const LIFTED = `${SHARED}/lifted`;

/** Bash that makes a state directory at $1: whatever is deleted by its name is there in a victim, too. */
export const SHAPE = `
  shape() {
    mkdir -p "$1"/tree/d{0..7}/e{0..3}
    for file in "$1"/disk.img "$1"/tree/d{0..7}/e{0..3}/f{0,1}; do echo "$2" > "$file"; done
    ln -s /nix/store/x-guest "$1/toplevel"
  }
`;

/** Makes the victims anew. */
export function layVictims(container: Container): void {
  container.must(`${SHAPE}
    rm -rf ${VICTIMS.join(" ")} ${SHARED}
    for victim in ${VICTIMS.join(" ")}; do shape "$victim" '${SECRET}'; done
    mkdir -p ${SHARED}/e{0..3}
    for dir in ${SHARED}/e{0..3}; do echo '${SECRET}' > "$dir/f0"; done
    chmod 1777 ${SHARED}
    chmod 0600 ${VICTIM}/disk.img ${SHARED}/e*/f0`);
}

/** All files outside the state directory that a followed link could change, by inode, owner, mode and times. */
export function outside(container: Container): string {
  // What is lifted there is the user's own, and NixOS itself changes the link /etc/static.
  return container.must(`
    find ${VICTIM} ${SHARED} /etc /home /opt /srv -mindepth 1 ! -path '${LIFTED}*' ! -path /etc/static \
      -printf '%p %i %y %m %U %G %s %T@ %C@ %l\\n' | sort
    find ${VICTIMS.join(" ")} ${SHARED}/e? -type f -exec md5sum '{}' + | sort`);
}
