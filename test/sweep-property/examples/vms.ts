import { GENERATION, DEFAULT_STATE_DIR as STATE, UNITS } from "../../oracle/host.ts";
import { loaded, OLD, recorded } from "../describedHost.ts";
import { DROP_INS, type Examples, NOTHING, ROOTS, STOPPED } from "./example.ts";

const BAR = loaded("microvm@bar.service");

/** Which VMs stop, and which run on. */
export const VMS: Examples = {
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
  "a VM in a damaged line of the record runs on": {
    tree: (tree) =>
      recorded(tree, OLD, ["x bar"])
        .file(`${OLD}/${UNITS}/any.service`)
        .link("/run/current-system", OLD),
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
