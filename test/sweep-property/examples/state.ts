import { GENERATION, DEFAULT_STATE_DIR as STATE, UNITS } from "../../oracle/host.ts";
import { loaded, OLD, recorded } from "../describedHost.ts";
import { DROP_INS, type Examples, NOTHING, ROOTS, STOPPED } from "./example.ts";

const BAR = loaded("microvm@bar.service");

/** Which state directories and roots go, and which stay. */
export const STATES: Examples = {
  "state moves in a switch, and the roots that led to it go": {
    removes: ["bar"],
    tree: (tree) =>
      tree
        .file(`${STATE}/bar/disk.img`)
        .directory(`${STATE}/bar/booted`)
        .link(`${ROOTS}/booted-bar`, `${STATE}/bar/booted`),
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
