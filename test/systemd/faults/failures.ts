import type { Policy } from "../../../src/policy/policy.ts";
import type { Fault } from "./faultyCommands.ts";
import { DELETE, QUARANTINE } from "./scene.ts";

/** A step that fails, or a host on which one has to. */
export interface Failure {
  readonly what: string;
  readonly policy: Partial<Policy>;
  /** What the run says of it; none where it is no failure of the sweep. */
  readonly errors: readonly string[];
  readonly fault?: Fault;
  /** Bash that breaks the host after the scene is laid out, and Bash that mends it. */
  readonly breaks?: string;
  readonly mends?: string;
  /** Bash that proves the other steps done, and nothing done that must not be. */
  readonly proof: string;
}

const FILES = "not every stale unit file could be removed";
const ROOTS = "not every dangling garbage collection root could be removed";
const STATE = "not every state directory could be deleted";
const RECORD = "/run/microvm-sweep/record cannot be written";
const RELOAD = "/run/microvm-sweep/reload cannot be written";
const SILENT = "systemd does not answer, so nothing is stopped or removed";
const stillRunning = (names: string) => `still running, and left as they are: ${names}
`;

const ARCHIVE =
  "/var/lib/microvm-sweep/archive and /var/lib/microvms are on different file systems, so nothing is archived";
const OTHER_PLACE =
  "/etc/systemd/system.control/microvm@bar.service.d is not quarantined: it is on another file system than ";
const NO_ARCHIVE = "/var/lib/microvm-sweep/archive cannot be made";
const MOUNTS = [OTHER_PLACE, ARCHIVE];

const CONTROL = "/etc/systemd/system.control";
const VMS = "/var/lib/microvms";

const stopped = "! systemctl is-active --quiet microvm@bar.service";
const running = "systemctl is-active --quiet microvm@bar.service";
const reset = "! systemctl is-failed --quiet microvm@old.service";
const pruned = "[ ! -L /nix/var/nix/gcroots/microvm/booted-gone ]";
const filesGone = `[ ! -e ${CONTROL}/microvm@old.service.d ]`;
const filesThere = `[ -e ${CONTROL}/microvm@bar.service.d/50-CPUWeight.conf ] && [ -e ${CONTROL}/microvm@old.service.d/x.conf ]`;
const stateThere = `[ -e ${VMS}/bar/disk.img ] && [ -e ${VMS}/old/disk.img ]`;
const barThere = `[ -e ${CONTROL}/microvm@bar.service.d ] && [ -e ${VMS}/bar/disk.img ]`;
const deleted = `[ ! -e ${VMS}/bar ] && [ ! -e ${VMS}/old ]`;
const archived = `[ ! -e ${VMS}/bar ] && [ -e /var/lib/microvm-sweep/archive/bar-*/disk.img ]`;
const recorded = '[ "vm fw" = "$(grep ^vm /run/microvm-sweep/record)" ]';
const all = (...proofs: readonly string[]) => proofs.join(" && ");

/** Commands that return 1: having done nothing, a part of their work, or all of it. */
export const FAILING_COMMANDS: readonly Failure[] = [
  {
    what: "rm does nothing",
    policy: DELETE,
    fault: { fail: "^rm " },
    errors: [FILES, ROOTS, STATE],
    proof: all(stopped, reset, filesThere, stateThere),
  },
  {
    what: "rm removes the first of several",
    policy: DELETE,
    fault: { failHalfway: "^rm " },
    errors: [FILES, ROOTS, STATE],
    proof: all(stopped, reset, recorded),
  },
  {
    what: "rm fails after it has removed all",
    policy: DELETE,
    fault: { failLate: "^rm " },
    errors: [FILES, ROOTS, STATE],
    proof: all(stopped, filesGone, reset, pruned, deleted, recorded),
  },
  {
    what: "mv does nothing",
    policy: QUARANTINE,
    fault: { fail: "^mv " },
    errors: [
      `not every stale unit file in ${CONTROL} could be quarantined`,
      `${VMS}/bar could not be archived`,
      `${VMS}/old could not be archived`,
      RECORD,
    ],
    proof: all(stopped, reset, pruned, filesThere, stateThere),
  },
  {
    what: "mv moves the first of several",
    policy: QUARANTINE,
    fault: { failHalfway: "^mv .*--target-directory" },
    errors: [`not every stale unit file in ${CONTROL} could be quarantined`],
    proof: all(stopped, reset, pruned, archived, recorded),
  },
  {
    what: "mkdir does nothing",
    policy: QUARANTINE,
    fault: { fail: "^mkdir " },
    errors: [`not every stale unit file in ${CONTROL} could be quarantined`, NO_ARCHIVE],
    proof: all(stopped, reset, pruned, filesThere, stateThere),
  },
  {
    what: "stat does nothing",
    policy: QUARANTINE,
    fault: { fail: "^stat " },
    errors: MOUNTS,
    proof: all(stopped, reset, pruned, recorded, filesThere, stateThere),
  },
  {
    what: "systemctl stop does nothing",
    policy: DELETE,
    fault: { fail: "^systemctl stop " },
    errors: [stillRunning("bar")],
    proof: all(running, barThere, filesGone, reset, pruned, `[ ! -e ${VMS}/old ]`),
  },
  {
    what: "systemctl stop stops one VM of two",
    policy: QUARANTINE,
    breaks: "systemctl start microvm@baz.service",
    // The VM goes with the first of its helpers.
    fault: { failHalfway: "^systemctl stop " },
    errors: [stillRunning("baz")],
    proof: all(
      "systemctl is-active --quiet microvm@baz.service",
      `[ -e ${CONTROL}/microvm@baz.service.d ] && [ -e ${VMS}/baz/disk.img ]`,
      ...[stopped, filesGone, reset, pruned, archived],
    ),
  },
  {
    what: "systemctl stop fails after it has stopped all",
    policy: DELETE,
    fault: { failLate: "^systemctl stop " },
    errors: [],
    proof: all(stopped, filesGone, reset, pruned, deleted, recorded),
  },
  {
    what: "systemctl daemon-reload does nothing",
    policy: DELETE,
    fault: { fail: "^systemctl daemon-reload" },
    errors: ["systemd could not be reloaded"],
    proof: all(stopped, filesGone, reset, pruned, deleted, recorded),
  },
  {
    what: "systemctl reset-failed does nothing",
    policy: QUARANTINE,
    fault: { fail: "^systemctl reset-failed" },
    errors: ["not every failed unit could be reset"],
    proof: all(stopped, filesGone, pruned, archived, recorded),
  },
  {
    what: "systemctl list-units fails after it has listed all",
    policy: DELETE,
    fault: { failLate: "^systemctl list-units" },
    errors: [SILENT],
    proof: all(running, filesThere, stateThere, `[ -L /nix/var/nix/gcroots/microvm/booted-gone ]`),
  },
  {
    what: "all of systemctl, rm, mv and mkdir do nothing",
    policy: DELETE,
    fault: { fail: "^(systemctl|rm|mv|mkdir) " },
    errors: [SILENT],
    proof: all(running, filesThere, stateThere),
  },
];

const full = (dir: string) =>
  `mount -t tmpfs -o size=4k,mode=0700 none ${dir}; cat /dev/zero > ${dir}/filler 2> /dev/null || true`;
const readOnly = (dir: string) => `mount --bind ${dir} ${dir}; mount -o remount,bind,ro ${dir}`;

/** Disks that are full, and file systems that cannot be written. */
export const BROKEN_FILE_SYSTEMS: readonly Failure[] = [
  {
    what: "/run/microvm-sweep is full",
    policy: DELETE,
    breaks: full("/run/microvm-sweep"),
    mends: "umount /run/microvm-sweep",
    errors: [RELOAD, RECORD],
    proof: all(stopped, filesGone, reset, pruned, deleted),
  },
  {
    what: "/run/microvm-sweep is read-only",
    policy: QUARANTINE,
    breaks: readOnly("/run/microvm-sweep"),
    mends: "umount /run/microvm-sweep",
    errors: ["/run/microvm-sweep/lock cannot be taken, so nothing is stopped or removed"],
    proof: all(running, filesThere, stateThere),
  },
  {
    what: "/var/lib/microvm-sweep is full",
    policy: QUARANTINE,
    breaks: `mkdir -p /var/lib/microvm-sweep; ${full("/var/lib/microvm-sweep")}`,
    mends: "umount /var/lib/microvm-sweep; rm -rf /var/lib/microvm-sweep",
    errors: MOUNTS,
    proof: all(stopped, reset, pruned, recorded, filesThere, stateThere),
  },
  {
    what: "the disk of /var/lib has room for no more files",
    policy: QUARANTINE,
    breaks: `mkdir -p /srv/lib; cp -a /var/lib/microvms /srv/lib; mount -t tmpfs -o nr_inodes=40 none /var/lib; mv /srv/lib/microvms /var/lib/
      i=0; while touch /var/lib/filler-$i 2> /dev/null; do i=$((i + 1)); done`,
    mends: "umount -l /var/lib",
    errors: [OTHER_PLACE, NO_ARCHIVE],
    proof: all(stopped, reset, pruned, recorded, filesThere, stateThere),
  },
  {
    what: "/var/lib/microvm-sweep is read-only",
    policy: QUARANTINE,
    breaks: `mkdir -p /var/lib/microvm-sweep; ${readOnly("/var/lib/microvm-sweep")}`,
    mends: "umount /var/lib/microvm-sweep; rm -rf /var/lib/microvm-sweep",
    errors: MOUNTS,
    proof: all(stopped, reset, pruned, recorded, filesThere, stateThere),
  },
  {
    what: "the unit directory is read-only",
    policy: DELETE,
    breaks: readOnly(CONTROL),
    mends: `umount ${CONTROL}`,
    errors: [],
    proof: all(stopped, filesThere, reset, pruned, deleted, recorded),
  },
  {
    what: "one drop-in directory is a read-only mount",
    policy: DELETE,
    breaks: readOnly(`${CONTROL}/microvm@bar.service.d`),
    mends: `umount ${CONTROL}/microvm@bar.service.d`,
    errors: [],
    proof: all(stopped, filesGone, reset, pruned, deleted, recorded),
  },
  {
    what: "the garbage collection roots are read-only",
    policy: DELETE,
    breaks: readOnly("/nix/var/nix/gcroots"),
    mends: "umount /nix/var/nix/gcroots",
    errors: [ROOTS],
    proof: all(stopped, filesGone, reset, deleted, recorded),
  },
  ...[DELETE, QUARANTINE].map((policy) => ({
    what: `/var/lib/microvms is read-only, policy ${policy.state}`,
    policy,
    breaks: readOnly(VMS),
    mends: `umount ${VMS}`,
    errors: [policy === DELETE ? STATE : ARCHIVE],
    proof: all(stopped, filesGone, reset, pruned, stateThere),
  })),
];
