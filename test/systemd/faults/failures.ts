import type { Fault } from "./faultyCommands.ts";
import { CONTROL, RUNTIME } from "./scene.ts";

/** A step that fails, or a host on which one has to. */
export interface Failure {
  readonly what: string;
  /** What the run says of it; none where it is no failure of the sweep. */
  readonly errors: readonly string[];
  readonly fault?: Fault;
  /** Bash that breaks the host after the scene is laid out, and Bash that mends it. */
  readonly breaks?: string;
  readonly mends?: string;
  /** Bash that proves the other steps done, and nothing done that must not be. */
  readonly proof: string;
}

const GONE = "so nothing is stopped or removed";
const SILENT = `systemd does not answer, ${GONE}`;

const stopped = "! systemctl is-active --quiet microvm@bar.service";
const running = "systemctl is-active --quiet microvm@bar.service";
const reset = "! systemctl is-failed --quiet microvm@old.service";
const moved = `[ ! -e ${CONTROL}/microvm@old.service.d ] && [ -e /var/lib/microvm-sweep/removed/*${CONTROL}/microvm@old.service.d/50-CPUWeight.conf ]`;
const deleted = `[ ! -e ${RUNTIME}/microvm@old.service.d ] && [ ! -L ${CONTROL}/my.target.wants/microvm@ghost.service ]`;
const notMoved = `[ -e ${CONTROL}/microvm@bar.service.d/50-CPUWeight.conf ] && [ -e ${CONTROL}/microvm@old.service.d/50-CPUWeight.conf ]`;
const notDeleted = `[ -e ${RUNTIME}/microvm@bar.service.d/x.conf ] && [ -L ${CONTROL}/my.target.wants/microvm@ghost.service ]`;
const barThere = `[ -e ${CONTROL}/microvm@bar.service.d ] && [ -e ${RUNTIME}/microvm@bar.service.d ]`;
const all = (...proofs: readonly string[]) => proofs.join(" && ");
const nothing = all(running, notMoved, notDeleted);
const everything = all(stopped, moved, deleted, reset);
const couldNotBe = (path: string) => `${path}.* could not be removed`;

/** Commands that return 1: having done nothing, a part of their work, or all of it. */
export const FAILING_COMMANDS: readonly Failure[] = [
  {
    what: "rm does nothing",
    fault: { fail: "^rm " },
    errors: [couldNotBe(`${RUNTIME}/microvm@bar.service.d`)],
    proof: all(stopped, moved, reset, notDeleted),
  },
  {
    what: "rm removes the first of several",
    fault: { failHalfway: "^rm " },
    errors: [couldNotBe("")],
    proof: all(stopped, moved, reset),
  },
  {
    what: "rm fails after it has removed all",
    fault: { failLate: "^rm " },
    errors: [],
    proof: everything,
  },
  {
    what: "mv does nothing",
    fault: { fail: "^mv " },
    errors: [couldNotBe(`${CONTROL}/microvm@bar.service.d`)],
    proof: all(stopped, deleted, reset, notMoved),
  },
  {
    what: "mv moves the first of several",
    fault: { failHalfway: "^mv " },
    errors: [couldNotBe(`${CONTROL}/microvm@`)],
    proof: all(stopped, deleted, reset),
  },
  {
    what: "mkdir does nothing",
    fault: { fail: "^mkdir " },
    errors: [`/run/microvm-sweep/lock cannot be locked, ${GONE}`],
    proof: nothing,
  },
  ...["mkdir --parents -- /var", "mkdir -- /var", "mkdir .*system.control$"].map((call) => ({
    what: `mkdir does nothing for ${call}`,
    fault: { fail: `^${call}` },
    errors: [couldNotBe(`${CONTROL}/microvm@bar.service.d`)],
    proof: all(stopped, deleted, reset, notMoved),
  })),
  {
    what: "flock does nothing",
    fault: { fail: "^flock " },
    errors: [`/run/microvm-sweep/lock cannot be locked, ${GONE}`],
    proof: nothing,
  },
  ...["setpriv", "realpath"].map((command) => ({
    what: `${command} does nothing`,
    fault: { fail: `^${command} ` },
    errors: [GONE],
    proof: nothing,
  })),
  {
    what: "setpriv fails after decide has said all",
    fault: { failLate: "^setpriv " },
    errors: [GONE],
    proof: nothing,
  },
  {
    what: "systemctl show does nothing",
    fault: { fail: "^systemctl show" },
    errors: ["systemd does not say what is attached"],
    proof: all(running, barThere, moved, reset),
  },
  {
    what: "systemctl stop does nothing",
    fault: { fail: "^systemctl stop " },
    errors: ["bar still runs after the stop"],
    proof: all(running, barThere, moved, reset),
  },
  {
    what: "systemctl stop stops one VM of two",
    breaks: "systemctl start microvm@baz.service",
    // The VM goes with the first of its helpers.
    fault: { failHalfway: "^systemctl stop " },
    errors: ["ba[rz] still runs after the stop"],
    proof: all(
      "[ $(systemctl is-active microvm@bar.service microvm@baz.service | grep -c ^active) = 1 ]",
      `[ -e ${CONTROL}/microvm@bar.service.d ] || [ -e ${CONTROL}/microvm@baz.service.d ]`,
      moved,
      reset,
    ),
  },
  {
    what: "systemctl stop fails after it has stopped all",
    fault: { failLate: "^systemctl stop " },
    errors: [],
    proof: everything,
  },
  {
    what: "systemctl daemon-reload does nothing",
    fault: { fail: "^systemctl daemon-reload" },
    errors: ["systemd could not be reloaded"],
    proof: everything,
  },
  {
    what: "systemctl reset-failed does nothing",
    fault: { fail: "^systemctl reset-failed" },
    errors: ["not every failed unit could be reset"],
    proof: all(stopped, moved, deleted),
  },
  {
    what: "systemctl list-units and show fail after they have said all",
    fault: { failLate: "^systemctl (list-units|show)" },
    errors: [],
    proof: everything,
  },
  {
    what: "logger does nothing",
    fault: { fail: "^logger" },
    errors: [],
    proof: everything,
  },
  {
    what: "all of systemctl, rm and mv do nothing",
    fault: { fail: "^(systemctl|rm|mv) " },
    errors: [SILENT],
    proof: nothing,
  },
];

const REMOVED = "/var/lib/microvm-sweep";
const saveMoved = `cp -a ${REMOVED} /root/moved; umount ${REMOVED}; rm -rf ${REMOVED}; mv /root/moved ${REMOVED}`;
const full = (dir: string) =>
  `mkdir -p ${dir}; mount -t tmpfs -o size=4k,mode=0700 none ${dir}; cat /dev/zero > ${dir}/filler 2> /dev/null || true`;
const readOnly = (dir: string) =>
  `mkdir -p ${dir}; mount --bind ${dir} ${dir}; mount -o remount,bind,ro ${dir}`;

/** Disks that are full, and file systems that cannot be written. */
export const BROKEN_FILE_SYSTEMS: readonly Failure[] = [
  {
    what: "/run/microvm-sweep is full",
    breaks: full("/run/microvm-sweep"),
    mends: "umount /run/microvm-sweep",
    errors: [],
    proof: everything,
  },
  {
    what: "/run/microvm-sweep is read-only",
    breaks: readOnly("/run/microvm-sweep"),
    mends: "umount /run/microvm-sweep",
    errors: [`/run/microvm-sweep/lock cannot be locked, ${GONE}`],
    proof: nothing,
  },
  {
    what: `${REMOVED} is full`,
    breaks: full(REMOVED),
    mends: `umount ${REMOVED}; rm -rf ${REMOVED}`,
    errors: [couldNotBe(`${CONTROL}/microvm@bar.service.d`)],
    proof: all(stopped, deleted, reset, notMoved),
  },
  {
    what: `${REMOVED} has room for no more files`,
    breaks: `mkdir -p ${REMOVED}; mount -t tmpfs -o nr_inodes=12 none ${REMOVED}`,
    mends: saveMoved,
    errors: [couldNotBe(CONTROL)],
    proof: all(stopped, deleted, reset),
  },
  {
    what: `${REMOVED} is read-only`,
    breaks: readOnly(REMOVED),
    mends: `umount ${REMOVED}; rm -rf ${REMOVED}`,
    errors: [couldNotBe(`${CONTROL}/microvm@bar.service.d`)],
    proof: all(stopped, deleted, reset, notMoved),
  },
  {
    what: `${REMOVED} is another file system`,
    breaks: `mkdir -p ${REMOVED}; mount -t tmpfs none ${REMOVED}`,
    mends: saveMoved,
    errors: [],
    proof: everything,
  },
  {
    what: "the unit directory is read-only",
    breaks: readOnly(CONTROL),
    mends: `umount ${CONTROL}`,
    errors: [],
    proof: all(stopped, notMoved, reset),
  },
  {
    what: "one drop-in directory is a read-only mount",
    breaks: readOnly(`${CONTROL}/microvm@bar.service.d`),
    mends: `umount ${CONTROL}/microvm@bar.service.d`,
    errors: [],
    proof: everything,
  },
  {
    what: "state, roots and store are read-only",
    breaks: ["/nix", "/var/lib/microvms"].map(readOnly).join("; "),
    mends: "umount /nix /var/lib/microvms",
    errors: [],
    proof: everything,
  },
];
