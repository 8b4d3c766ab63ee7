import { GENERATION, DEFAULT_STATE_DIR as STATE, UNITS } from "../../oracle/host.ts";
import { CONTROL, loaded } from "../describedHost.ts";
import { DROP_INS, type Examples, NOTHING } from "./example.ts";

const TEMPLATE = `${CONTROL}/microvm@.service`;

/** Which unit files go, and which are the administrator's. */
export const FILES: Examples = {
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
        .link(`${CONTROL}/microvm@bar.socket`, "/nix/store/gone/microvm@bar.socket")
        .link(`${CONTROL}/a.target.wants/microvm@bar.path`, "../gone")
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
