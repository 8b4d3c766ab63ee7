import { GENERATION } from "../oracle/host.ts";
import { CONTROL, type Description, loaded, STATE_DIR } from "./describedHost.ts";

/** A host that chance rarely makes, and what a sweep does to it, written down by hand. */
export interface Example extends Description {
  /** Files and links that go. */
  readonly gone: readonly string[];
  /** Calls that change something, sorted. */
  readonly calls: readonly string[];
}

const TEMPLATE = `${CONTROL}/microvm@.service`;
const ROOTS = "/nix/var/nix/gcroots/microvm";
const LEDGER = "/run/microvm-sweep/declared";
const DROP_IN = "microvm@bar.service.d/x.conf";

/** Each is named after what must hold. */
export const HOSTS: Readonly<Record<string, Example>> = {
  "a linked state directory is never looked into, so it gives no evidence": {
    tree: (tree) =>
      tree
        .link("/opt/elsewhere/toplevel", "/nix/store/gone")
        .link(`${STATE_DIR}/bar`, "/opt/elsewhere")
        .file(`${CONTROL}/${DROP_IN}`),
    gone: [],
    calls: [],
  },
  "a real state directory with a link toplevel is evidence": {
    tree: (tree) =>
      tree.link(`${STATE_DIR}/bar/toplevel`, "/nix/store/gone").file(`${CONTROL}/${DROP_IN}`),
    gone: [TEMPLATE, `${CONTROL}/${DROP_IN}`],
    calls: ["reload"],
  },
  "a live VM that runs keeps the template that this generation lacks": {
    tree: () => {},
    vms: ["fw"],
    units: [loaded("microvm@fw.service", "active")],
    gone: [],
    calls: [],
  },
  "a live VM that does not run keeps no template": {
    tree: () => {},
    vms: ["fw"],
    units: [loaded("microvm@fw.service", "failed")],
    gone: [TEMPLATE],
    calls: ["reload"],
  },
  "a unit that fails by being stopped is reset": {
    tree: (tree) => tree.file(LEDGER, "bar\n"),
    units: [
      loaded("microvm@bar.service", "active", "fails"),
      loaded("microvm-virtiofsd@bar.service", "active"),
    ],
    gone: [TEMPLATE],
    calls: [
      "reload",
      "reset microvm@bar.service",
      "stop microvm-virtiofsd@bar.service",
      "stop microvm@bar.service",
    ],
  },
  "a failed unit with a backslash in its name is reset, and none that its name would match": {
    tree: (tree) => tree.file(`${STATE_DIR}/ex2d/disk.img`),
    units: [loaded("microvm@e\\x2d.service", "failed"), loaded("microvm@ex2d.service", "failed")],
    gone: [],
    calls: ["reset microvm@e\\x2d.service"],
  },
  "units of . and .. are none of a MicroVM": {
    tree: (tree) => tree.file(`${CONTROL}/microvm@..service`).file(`${CONTROL}/microvm@...service`),
    units: [loaded("microvm@..service", "active"), loaded("microvm@...service", "failed")],
    gone: [TEMPLATE],
    calls: ["reload"],
  },
  "a ledger with . and .. leads nowhere": {
    tree: (tree) => tree.file(LEDGER, ".\n..\n").file(`${STATE_DIR}/.keep`),
    policy: { state: "delete", stateDelete: [".", ".."] },
    gone: [TEMPLATE],
    calls: ["reload"],
  },
  "what the generation itself has at the same path below /etc stays": {
    tree: (tree) =>
      tree
        .file(`${GENERATION}/etc/systemd/system/${DROP_IN}`)
        .file(`/etc/systemd/system/${DROP_IN}`)
        .file(`${GENERATION}/etc/systemd/system/multi-user.target.wants/microvm@bar.service`)
        .link("/etc/systemd/system/multi-user.target.wants/microvm@bar.service", "../gone")
        .file(`/run/systemd/system/${DROP_IN}`),
    gone: [TEMPLATE, `/run/systemd/system/${DROP_IN}`],
    calls: ["reload"],
  },
  "names of another case are others": {
    tree: (tree) =>
      tree
        .file(`${CONTROL}/microvm@bar.SERVICE`)
        .file(`${CONTROL}/INSTALL-MICROVM-bar.service`)
        .link(`${CONTROL}/multi-user.target.WANTS/microvm@bar.service`, "../gone")
        .file(LEDGER, "BAR\n"),
    units: [loaded("microvm@bar.service", "failed")],
    gone: [TEMPLATE],
    calls: ["reload", "reset microvm@bar.service"],
  },
  "an outdated ledger is replaced, and a linked one in its place is not followed": {
    tree: (tree) => tree.file("/opt/precious", "bar\n").link(LEDGER, "/opt/precious"),
    vms: ["fw"],
    gone: [TEMPLATE],
    calls: ["reload"],
  },
  "a kept name that only the ledger has keeps no template, in no run": {
    tree: (tree) => tree.file(LEDGER, "lab\n"),
    policy: { keep: ["lab"] },
    gone: [TEMPLATE],
    calls: ["reload"],
  },
  "a kept name that only the generation before has keeps no template, in no run": {
    tree: (tree) =>
      tree
        .file("/nix/store/g-1/etc/systemd/system/install-microvm-lab.service")
        .link("/run/current-system", "/nix/store/g-1"),
    policy: { keep: ["lab"] },
    gone: [TEMPLATE],
    calls: ["reload"],
  },
  "a state directory that is not mounted hides whose unit files and roots are stale": {
    tree: (tree) =>
      tree
        .file(`${GENERATION}/etc/fstab`, "/dev/sda1 / ext4\n/dev/sdb1 /var/lib/microvms ext4\n")
        .file(`${CONTROL}/${DROP_IN}`)
        .link(`${ROOTS}/imp`, `${STATE_DIR}/imp/current`),
    gone: [],
    calls: [],
  },
  "a file system that is mounted, is elsewhere or is a comment hides nothing": {
    tree: (tree) =>
      tree
        .file(
          `${GENERATION}/etc/fstab`,
          "# /var/lib/microvms\n#/dev/sda /var/lib/microvms\n/dev/sda1 / ext4\n/dev/sdb1 /var/lib/microvms2 ext4\ntmpfs /proc proc\n/dev/sdc none swap\n",
        )
        .file(`${CONTROL}/${DROP_IN}`)
        .link(`${ROOTS}/imp`, `${STATE_DIR}/imp/current`),
    gone: [TEMPLATE, `${CONTROL}/${DROP_IN}`, `${ROOTS}/imp`],
    calls: ["reload"],
  },
  "at boot roots without any state tell of a file system that may come": {
    tree: (tree) =>
      tree.file(`${CONTROL}/${DROP_IN}`).link(`${ROOTS}/imp`, `${STATE_DIR}/imp/current`),
    systemd: "boot",
    gone: [],
    calls: [],
  },
  "at boot files are cleaned": {
    tree: (tree) =>
      tree
        .file(`${CONTROL}/${DROP_IN}`)
        .link(`${ROOTS}/bar`, `${STATE_DIR}/bar/current`)
        .link(`${STATE_DIR}/bar/toplevel`, "/nix/store/gone"),
    systemd: "boot",
    gone: [TEMPLATE, `${CONTROL}/${DROP_IN}`, `${ROOTS}/bar`],
    calls: [],
  },
  "a kept name that has unit files keeps the template": {
    tree: (tree) => tree.file(`${CONTROL}/microvm@lab.service.d/x.conf`),
    policy: { keep: ["lab"] },
    gone: [],
    calls: [],
  },
  "an orphan with which a live VM would stop is left running, and is stopped when that is over": {
    tree: (tree) => tree.file(LEDGER, "bar\n"),
    vms: ["fw"],
    units: [
      loaded("microvm@bar.service", "active", "stops", ["microvm@fw.service"]),
      loaded("microvm@fw.service", "active"),
    ],
    gone: [],
    calls: [],
  },
  "an orphan at the end of a chain is left running, be the links of other units": {
    tree: (tree) => tree.file(LEDGER, "bar\nbaz\nold\n"),
    units: [
      loaded("microvm-virtiofsd@bar.service", "active", "stops", ["microvm@baz.service"]),
      loaded("microvm@bar.service", "active"),
      loaded("microvm@baz.service", "active", "stops", ["proxy.service"]),
      loaded("proxy.service", "inactive", "stops", ["web.service"]),
      loaded("web.service", "active"),
      loaded("microvm@old.service", "active", "stops", ["gone.service"]),
      loaded("gone.service", "failed"),
    ],
    gone: [],
    calls: ["stop microvm@old.service"],
  },
  "orphans that need each other are stopped together": {
    tree: (tree) => tree.file(LEDGER, "bar\nbaz\n"),
    units: [
      loaded("microvm@bar.service", "active", "stops", [
        "microvm@baz.service",
        "microvm@bar.service",
      ]),
      loaded("microvm@baz.service", "active", "stops", ["microvm@bar.service"]),
    ],
    gone: [TEMPLATE],
    calls: ["reload", "stop microvm@bar.service", "stop microvm@baz.service"],
  },
  "in a chroot below the initrd systemd is not there, whatever systemctl says": {
    tree: (tree) =>
      tree.file(`${CONTROL}/${DROP_IN}`).link(`${ROOTS}/imp`, `${STATE_DIR}/imp/current`),
    systemd: "boot",
    because: "chroot",
    gone: [],
    calls: [],
  },
  "a systemctl that says nothing of what runs leaves everything alone": {
    tree: (tree) => tree.file(`${CONTROL}/${DROP_IN}`).file(LEDGER, "bar\n"),
    systemd: "silent",
    because: "offline",
    gone: [],
    calls: [],
  },
  "a mount unit of this generation that is not mounted hides the state": {
    tree: (tree) =>
      tree
        .file(
          `${GENERATION}/etc/systemd/system/var-lib-microvms.mount`,
          "[Mount]\nWhat=tank/vms\nWhere=/var/lib/microvms\n",
        )
        .file(`${CONTROL}/${DROP_IN}`)
        .link(`${ROOTS}/imp`, `${STATE_DIR}/imp/current`),
    gone: [],
    calls: [],
  },
  "mount units that are mounted or elsewhere hide nothing": {
    tree: (tree) =>
      tree
        .file(`${GENERATION}/etc/systemd/system/proc.mount`, "[Mount]\nWhere=/proc\n")
        .file(`${GENERATION}/etc/systemd/system/srv.mount`, "[Mount]\nWhere=/srv\n")
        .link(`${GENERATION}/etc/systemd/system/var-lib.mount`, "/dev/null"),
    gone: [TEMPLATE],
    calls: ["reload"],
  },
  "a link above the state directory that leads to an unmounted place hides the state": {
    tree: (tree) =>
      tree
        .link("/var/lib", "/opt/pool/lib")
        .file(`${CONTROL}/${DROP_IN}`)
        .link(`${ROOTS}/imp`, `${STATE_DIR}/imp/current`),
    gone: [],
    calls: [],
  },
  "a file system behind a link above the state directory hides the state": {
    tree: (tree) =>
      tree
        .directory("/opt/pool/lib")
        .link("/var/lib", "/opt/pool/lib")
        .file(`${GENERATION}/etc/fstab`, "tank /opt/pool zfs\n")
        .file(`${CONTROL}/${DROP_IN}`),
    gone: [],
    calls: [],
  },
  "a root that leads somewhere is state, wherever that is": {
    tree: (tree) =>
      tree
        .directory("/opt/vms/imp/current")
        .link(`${ROOTS}/imp`, "/opt/vms/imp/current")
        .link(`${ROOTS}/booted-imp`, "/opt/vms/imp/booted")
        .file("/etc/systemd/system.control/microvm@imp.service.d/x.conf"),
    gone: [],
    calls: [],
  },
  "a kept VM that only a root tells of keeps the templates": {
    tree: (tree) => tree.directory("/opt/vms/lab").link(`${ROOTS}/lab`, "/opt/vms/lab"),
    policy: { keep: ["lab"] },
    gone: [],
    calls: [],
  },
  "a VM whose name looks like that of a root for another is told by its own root": {
    tree: (tree) =>
      tree
        .directory("/opt/vms/c")
        .link(`${ROOTS}/old-x`, "/opt/vms/c")
        .link(`${ROOTS}/booted-booted-y`, "/opt/vms/c")
        .file(`${CONTROL}/microvm@old-x.service.d/x.conf`)
        .file(`${CONTROL}/microvm@booted-y.service.d/x.conf`),
    gone: [],
    calls: [],
  },
  "the roots of what is archived go in the same run": {
    tree: (tree) =>
      tree
        .directory(`${STATE_DIR}/bar/current`)
        .link(`${ROOTS}/bar`, `${STATE_DIR}/bar/current`)
        .link(`${ROOTS}/booted-bar`, `${STATE_DIR}/bar/current`)
        .file(LEDGER, "bar\n"),
    policy: { state: "archive" },
    gone: [TEMPLATE, `${ROOTS}/bar`, `${ROOTS}/booted-bar`],
    calls: ["reload"],
  },
  "a state directory that no unit can have the name of keeps its roots": {
    tree: (tree) =>
      tree
        .file(`${STATE_DIR}/web+db/disk.img`)
        .link(`${ROOTS}/booted-web+db`, `${STATE_DIR}/web+db/booted`),
    gone: [TEMPLATE],
    calls: ["reload"],
  },
  "what an earlier run could not finish is finished, and not stopped again": {
    tree: (tree) =>
      tree
        .file("/run/microvm-sweep/unfinished", "bar\nbaz\n")
        .file(`${STATE_DIR}/bar/disk.img`)
        .file(`${STATE_DIR}/baz/disk.img`)
        .file(`${CONTROL}/${DROP_IN}`)
        .file(`${CONTROL}/microvm@baz.service.d/x.conf`),
    units: [loaded("microvm@baz.service", "active")],
    gone: [`${CONTROL}/${DROP_IN}`],
    calls: ["reload"],
  },
  "a linked state directory is refused in every run": {
    tree: (tree) => tree.link(`${STATE_DIR}/bar`, "/opt/elsewhere").file(LEDGER, "bar\n"),
    policy: { state: "archive" },
    gone: [TEMPLATE],
    calls: ["reload"],
  },
};
