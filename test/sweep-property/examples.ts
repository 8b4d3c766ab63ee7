import { GENERATION, DEFAULT_STATE_DIR as STATE, UNITS } from "../oracle/host.ts";
import { CONTROL, type Description, loaded, OLD, recorded } from "./describedHost.ts";

/** A host that chance rarely makes, and what a sweep does to it, written down by hand. */
export interface Example extends Description {
  /** Files and links that go. */
  readonly gone: readonly string[];
  /** Calls of systemctl that change something, sorted. */
  readonly calls: readonly string[];
}

const ROOTS = "/nix/var/nix/gcroots/microvm";
const DROP_INS = `${CONTROL}/microvm@bar.service.d/x.conf`;
const TEMPLATE = `${CONTROL}/microvm@.service`;
const BAR = loaded("microvm@bar.service");
const STOPPED = ["stop microvm@bar.service"];
const NOTHING = { gone: [], calls: [] };

/** Issue: "Nobody's VM is lost". Each is named after what must hold. */
const VMS: Readonly<Record<string, Example>> = {
  "an imperative VM with the name of one in stateDelete keeps everything": {
    tree: (tree) =>
      tree
        .file(`${STATE}/bar/disk.img`)
        .link(`${ROOTS}/bar`, `${STATE}/bar/current`)
        .file(DROP_INS),
    policy: { state: "delete", stateDelete: ["bar"] },
    ...NOTHING,
  },
  "a VM made imperative before the switch that removes it is untouched": {
    removes: ["bar"],
    tree: (tree) =>
      tree
        .file(`${STATE}/bar/disk.img`)
        .link(`${ROOTS}/bar`, `${STATE}/bar/current`)
        .file(DROP_INS),
    units: [BAR],
    ...NOTHING,
  },
  "a VM started by hand after a generation without the sweep runs on": {
    tree: (tree) => recorded(tree, OLD, ["bar"]).link("/run/current-system", "/nix/store/g-2"),
    units: [BAR],
    ...NOTHING,
  },
  "a VM started by hand after an activation that was killed runs on": {
    removes: ["bar"],
    tree: (tree) => recorded(tree, GENERATION, []),
    units: [BAR],
    ...NOTHING,
  },
  "an orphan that could not be stopped is tried again": {
    tree: (tree) => recorded(tree, GENERATION, ["bar"]).link("/run/current-system", GENERATION),
    units: [BAR],
    gone: [],
    calls: STOPPED,
  },
  "a service finds the record of the check when G is the current system": {
    backend: "service",
    action: "",
    tree: (tree) =>
      recorded(tree, OLD, ["bar"], GENERATION).link("/run/current-system", GENERATION),
    units: [BAR],
    gone: [],
    calls: STOPPED,
  },
  "a VM that G starts from a target is live": {
    removes: ["bar"],
    tree: (tree) => tree.link(`${GENERATION}/${UNITS}/a.target.wants/microvm@bar.service`, "../x"),
    units: [BAR],
    ...NOTHING,
  },
  "a VM of which G has a unit of its own is live": {
    removes: ["bar"],
    tree: (tree) => tree.file(`${GENERATION}/${UNITS}/microvm@bar.service`),
    units: [BAR],
    ...NOTHING,
  },
  "a link to the administrator's template makes a VM foreign": {
    removes: ["bar"],
    tree: (tree) =>
      tree
        .file("/etc/systemd/system/my-vm@.service", "[Service]\n")
        .link("/etc/systemd/system/microvm@bar.service", "my-vm@.service")
        .file(DROP_INS),
    units: [BAR],
    ...NOTHING,
  },
  "an alias of a running unit is no ghost": {
    tree: (tree) =>
      tree.link("/etc/systemd/system/my.service", "microvm@bar.service").file(DROP_INS),
    ...NOTHING,
  },
  "a masked VM is foreign": {
    removes: ["bar"],
    tree: (tree) =>
      tree.link("/etc/systemd/system/microvm@bar.service", "/dev/null").file(DROP_INS),
    ...NOTHING,
  },
  "a queued start that requires an orphan keeps it": {
    removes: ["bar"],
    units: [
      loaded("microvm@bar.service", { dependents: [["RequiredBy", "web.service"]] }),
      loaded("web.service", { active: "inactive", starts: true }),
    ],
    ...NOTHING,
  },
  "what is bound to an orphan stops with it, and a unit at rest protects nothing": {
    removes: ["bar"],
    units: [
      loaded("microvm@bar.service", {
        dependents: [
          ["BoundBy", "companion.service"],
          ["ConsistsOf", "part.service"],
          ["RequiredBy", "rest.service"],
        ],
      }),
      loaded("companion.service"),
      loaded("part.service"),
      loaded("rest.service", { active: "failed", dependents: [["RequiredBy", "web.service"]] }),
      loaded("web.service"),
    ],
    gone: [],
    calls: STOPPED,
  },
  "a unit that requires an orphan through a bound one keeps it": {
    removes: ["bar"],
    units: [
      loaded("microvm@bar.service", { dependents: [["BoundBy", "proxy.service"]] }),
      loaded("proxy.service", { dependents: [["RequisiteOf", "web.service"]] }),
      loaded("web.service"),
    ],
    ...NOTHING,
  },
  "a VM that stays keeps an orphan that it is bound to": {
    removes: ["bar"],
    vms: ["fw"],
    units: [
      loaded("microvm@bar.service", { dependents: [["BoundBy", "microvm@fw.service"]] }),
      loaded("microvm@fw.service"),
    ],
    ...NOTHING,
  },
  "orphans that require each other stop together": {
    removes: ["bar", "baz"],
    units: [
      loaded("microvm@bar.service", { dependents: [["RequiredBy", "microvm@baz.service"]] }),
      loaded("microvm@baz.service", { dependents: [["RequiredBy", "microvm@bar.service"]] }),
    ],
    gone: [],
    calls: ["stop microvm@bar.service", "stop microvm@baz.service"],
  },
  "an answer about dependencies that is cut short stops nothing": {
    removes: ["bar"],
    tree: (tree) => tree.file(DROP_INS),
    showFails: true,
    units: [BAR],
    ...NOTHING,
  },
  "a list of units that is cut short stops and removes nothing": {
    removes: ["bar"],
    tree: (tree) => tree.file(DROP_INS),
    systemd: "silent",
    because: "cut",
    units: [BAR],
    ...NOTHING,
  },
  "a systemctl that does nothing and reports success removes nothing": {
    removes: ["bar"],
    tree: (tree) => tree.file(DROP_INS),
    systemd: "silent",
    because: "offline",
    ...NOTHING,
  },
  "a VM whose unit systemd has lost is not killed": {
    removes: ["bar"],
    units: [
      loaded("microvm@bar.service", { load: "not-found" }),
      loaded("microvm-virtiofsd@bar.service"),
    ],
    ...NOTHING,
  },
  "a VM that something starts again keeps its files": {
    removes: ["bar"],
    tree: (tree) => tree.file(DROP_INS),
    units: [
      loaded("microvm@bar.service", {
        onStop: "revives",
        dependents: [["UpheldBy", "up.service"]],
      }),
      loaded("up.service"),
    ],
    gone: [],
    calls: STOPPED,
  },
  "a failed stop after which nothing runs is no error": {
    removes: ["bar"],
    tree: (tree) => tree.file(DROP_INS),
    units: [loaded("microvm@bar.service", { onStop: "complains" })],
    gone: [DROP_INS],
    calls: ["reload", ...STOPPED],
  },
};

/** Issue: "No disk moves under anybody". */
const STATES: Readonly<Record<string, Example>> = {
  "state moves in a switch": {
    removes: ["bar"],
    tree: (tree) =>
      tree.file(`${STATE}/bar/disk.img`).link(`${ROOTS}/booted-bar`, `${STATE}/bar/booted`),
    policy: { state: "archive" },
    gone: [`${STATE}/bar/disk.img`, `${ROOTS}/booted-bar`],
    calls: [],
  },
  "state stays in a test": {
    removes: ["bar"],
    action: "test",
    tree: (tree) => tree.file(`${STATE}/bar/disk.img`),
    policy: { state: "archive" },
    ...NOTHING,
  },
  "state with an open file stays, and so does one that a process works in": {
    removes: ["bar", "baz"],
    tree: (tree) => tree.file(`${STATE}/bar/deep/disk.img`).directory(`${STATE}/baz/deep`),
    open: [`${STATE}/bar/deep/disk.img`, `${STATE}/baz/deep`],
    policy: { state: "delete", stateDelete: ["bar", "baz"] },
    ...NOTHING,
  },
  "a linked state directory is refused": {
    removes: ["bar"],
    tree: (tree) => tree.link(`${STATE}/bar`, "/opt/elsewhere"),
    policy: { state: "delete", stateDelete: ["bar"] },
    ...NOTHING,
  },
  "an archive on another file system is refused": {
    removes: ["bar"],
    mounts: ["/var/lib/microvm-sweep"],
    tree: (tree) => tree.file(`${STATE}/bar/disk.img`).directory("/var/lib/microvm-sweep"),
    policy: { state: "archive" },
    ...NOTHING,
  },
  "a specialisation that declares an orphan keeps its files and state": {
    removes: ["bar"],
    tree: (tree) =>
      tree
        .link(`${GENERATION}/specialisation/with-bar`, "/nix/store/g-s")
        .file(`/nix/store/g-s/${UNITS}/install-microvm-bar.service`)
        .file(`${STATE}/bar/disk.img`)
        .file(DROP_INS),
    policy: { state: "archive" },
    units: [BAR],
    gone: [],
    calls: STOPPED,
  },
  "in a specialisation the system that boots keeps files and state of its VMs": {
    removes: ["bar"],
    tree: (tree) =>
      tree
        .link("/nix/var/nix/profiles/system", "/nix/store/g-p")
        .link("/nix/store/g-p/specialisation/s", GENERATION)
        .file(`/nix/store/g-p/${UNITS}/install-microvm-bar.service`)
        .file(`${STATE}/bar/disk.img`)
        .file(DROP_INS),
    policy: { state: "archive" },
    ...NOTHING,
  },
  "a file system below the state directory that is not mounted hides imperative VMs": {
    tree: (tree) => tree.directory(`${STATE}/fw`).file(DROP_INS).link(`${ROOTS}/bar`, "/gone"),
    fileSystems: ["/", `${STATE}/bar`],
    ...NOTHING,
  },
  "a file system that is mounted or elsewhere hides nothing": {
    tree: (tree) => tree.directory(`${STATE}/fw`).file(DROP_INS).link(`${ROOTS}/bar`, "/gone"),
    fileSystems: ["/", STATE, `${STATE}-old`, "/srv"],
    mounts: [STATE],
    gone: [DROP_INS, `${ROOTS}/bar`],
    calls: ["reload"],
  },
  "a file system behind a link above the state directory hides it": {
    tree: (tree) =>
      tree.directory("/opt/pool/lib/microvms/fw").link("/var/lib", "/opt/pool/lib").file(DROP_INS),
    fileSystems: ["/opt/pool"],
    ...NOTHING,
  },
  "a link above the state directory that leads nowhere hides it": {
    tree: (tree) => tree.link("/var/lib", "/opt/pool/lib").file(DROP_INS),
    ...NOTHING,
  },
  "roots beside an empty state directory tell of a file system that is absent": {
    tree: (tree) => tree.file(DROP_INS).link(`${ROOTS}/bar`, `${STATE}/bar/current`),
    ...NOTHING,
  },
  "an empty state directory hides VMs, whatever the default one has": {
    stateDir: "/srv/vms",
    tree: (tree) =>
      tree.directory(`${STATE}/fw`).file(DROP_INS).link(`${ROOTS}/bar`, "/srv/vms/bar/current"),
    ...NOTHING,
  },
  "VMs in the default state directory and in the recorded one are imperative": {
    stateDir: "/srv/vms",
    tree: (tree) =>
      recorded(tree, OLD, [])
        .link("/run/current-system", OLD)
        .directory("/srv/vms/fw")
        .directory(`${STATE}/bar`)
        .file(DROP_INS),
    ...NOTHING,
  },
  "a root that leads somewhere is state, wherever that is": {
    tree: (tree) =>
      tree
        .directory("/opt/vms/bar/current")
        .link(`${ROOTS}/bar`, "/opt/vms/bar/current")
        .file(DROP_INS),
    ...NOTHING,
  },
};

/** Issue: "The administrator's files stay", and the case of the seed. */
const FILES: Readonly<Record<string, Example>> = {
  "of a ghost go drop-ins, store links and dangling links, and nothing else": {
    tree: (tree) =>
      tree
        .file(DROP_INS)
        .file(`${CONTROL}/microvm-virtiofsd@bar.service`, "[Service]\n")
        .file("/nix/store/u/microvm-set-booted@bar.service")
        .link(
          `${CONTROL}/microvm-set-booted@bar.service`,
          "/nix/store/u/microvm-set-booted@bar.service",
        )
        .file("/opt/microvm-pci-devices@bar.service")
        .link(`${CONTROL}/microvm-pci-devices@bar.service`, "/opt/microvm-pci-devices@bar.service")
        .link(`${CONTROL}/a.target.wants/microvm@bar.service`, "../gone")
        .file(`${CONTROL}/microvm@bar.timer`, "[Timer]\n")
        .file(`${CONTROL}/microvm@bar-.service.d/x.conf`),
    gone: [
      DROP_INS,
      `${CONTROL}/a.target.wants/microvm@bar.service`,
      `${CONTROL}/microvm-set-booted@bar.service`,
    ],
    calls: ["reload"],
  },
  "a template goes while an imperative VM is at rest": {
    tree: (tree) => tree.file(TEMPLATE, "[Service]\n").directory(`${STATE}/imp`),
    gone: [TEMPLATE],
    calls: ["reload"],
  },
  "a template stays while an imperative VM runs": {
    tree: (tree) => tree.file(TEMPLATE, "[Service]\n").directory(`${STATE}/imp`),
    units: [loaded("microvm@imp.service")],
    ...NOTHING,
  },
  "at boot a template stays while an imperative VM exists": {
    systemd: "boot",
    tree: (tree) => tree.file(TEMPLATE, "[Service]\n").directory(`${STATE}/imp`),
    ...NOTHING,
  },
  "a link to a template that goes is a dangling one": {
    tree: (tree) =>
      tree
        .file(TEMPLATE, "[Service]\n")
        .link(`${CONTROL}/a.target.wants/microvm@bar.service`, "../microvm@.service"),
    gone: [TEMPLATE, `${CONTROL}/a.target.wants/microvm@bar.service`],
    calls: ["reload"],
  },
  "a link to a template that stays is the user's": {
    tree: (tree) =>
      tree
        .file(TEMPLATE, "[Service]\n")
        .directory(`${STATE}/imp`)
        .link(`${CONTROL}/a.target.wants/microvm@bar.service`, "../microvm@.service"),
    units: [loaded("microvm@imp.service")],
    ...NOTHING,
  },
  "a template that `systemctl link` made stays": {
    tree: (tree) => tree.file("/opt/microvm@.service").link(TEMPLATE, "/opt/microvm@.service"),
    ...NOTHING,
  },
  "a user's own link in microvms.target.wants stays": {
    tree: (tree) =>
      tree
        .file("/etc/systemd/system/mine.service", "[Service]\n")
        .link("/etc/systemd/system/microvms.target.wants/mine.service", "../mine.service"),
    ...NOTHING,
  },
  "an override of a template that G has stays": {
    tree: (tree) =>
      tree.file(TEMPLATE, "[Service]\n").file(`${GENERATION}/${UNITS}/microvm@.service`),
    ...NOTHING,
  },
  "what G itself has at the same path below /etc stays": {
    tree: (tree) =>
      tree
        .file(`${GENERATION}/${UNITS}/microvm@bar.service.d/x.conf`)
        .file("/etc/systemd/system/microvm@bar.service.d/x.conf")
        .file("/run/systemd/system/microvm@bar.service.d/x.conf"),
    gone: ["/run/systemd/system/microvm@bar.service.d/x.conf"],
    calls: ["reload"],
  },
  "the last file of a unit directory leaves it in place": {
    tree: (tree) =>
      tree.link("/etc/systemd/system/microvm@bar.service", "/nix/store/gone/microvm@bar.service"),
    gone: ["/etc/systemd/system/microvm@bar.service"],
    calls: ["reload"],
  },
  "names of another case, and of . and .., are others": {
    tree: (tree) =>
      tree
        .file(`${CONTROL}/microvm@bar.SERVICE.d/x.conf`)
        .file(`${CONTROL}/microvm@..service.d/x.conf`)
        .file(`${CONTROL}/microvm@...service.d/x.conf`),
    units: [loaded("microvm@...service", { active: "failed" })],
    ...NOTHING,
  },
  "a failed unit with a backslash is reset, and none that its name would match": {
    tree: (tree) => tree.file(`${STATE}/ex2d/disk.img`),
    units: [
      loaded("microvm@e\\x2d.service", { active: "failed" }),
      loaded("microvm@ex2d.service", { active: "failed" }),
    ],
    gone: [],
    calls: ["reset microvm@e\\x2d.service"],
  },
};

export const EXAMPLES: Readonly<Record<string, Example>> = { ...VMS, ...STATES, ...FILES };
