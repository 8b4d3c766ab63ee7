import fc from "fast-check";
import { NULL_DEVICE, type Tree } from "../oracle/tree.ts";
import { anyName, type Change, family, vmName } from "./generateNames.ts";

const DIRECTORIES = [
  "/etc/systemd/system.control",
  "/run/systemd/system.control",
  "/etc/systemd/system",
  "/run/systemd/system",
  "/etc/systemd/system.attached",
  "/run/systemd/system.attached",
  "/usr/local/lib/systemd/system",
  // The places of NixOS's own units in the system that is replaced and in G.
  "/nix/store/g-1/etc/systemd/system",
  "/nix/store/g-new/etc/systemd/system.control",
  // None of the unit directories.
  "/run/systemd/transient",
];

type Appear = (tree: Tree, directory: string, unit: string) => void;

/** The ways in which a unit can be in a unit directory, with how often each is tried. */
const APPEARANCES: readonly (readonly [number, Appear])[] = [
  [2, (tree, dir, unit) => tree.file(`${dir}/${unit}`, "[Unit]\n")],
  [1, (tree, dir, unit) => tree.link(`${dir}/${unit}`, `/nix/store/gone/${unit}`)],
  [1, (tree, dir, unit) => link(tree, `${dir}/${unit}`, `/nix/store/u/${unit}`)],
  [1, (tree, dir, unit) => link(tree, `${dir}/${unit}`, `/opt/linked/${unit}`)],
  [1, (tree, dir, unit) => link(tree, `${dir}/${unit}`, `/etc/static/systemd/system/${unit}`)],
  // Through a link outside the store into it.
  [
    1,
    (tree, dir, unit) => {
      link(tree, `/opt/linked/into/${unit}`, `/nix/store/u/${unit}`);
      tree.link(`${dir}/${unit}`, `/opt/linked/into/${unit}`);
    },
  ],
  [1, (tree, dir, unit) => tree.link(`${dir}/${unit}`, "../gone/x")],
  [1, (tree, dir, unit) => tree.link(`${dir}/${unit}`, NULL_DEVICE)],
  [1, (tree, dir, unit) => tree.file(`${dir}/${unit}`, "")],
  [3, (tree, dir, unit) => tree.file(`${dir}/${unit}.d/50-x.conf`, "[Service]\n")],
  [1, (tree, dir, unit) => tree.directory(`${dir}/${unit}.d`)],
  [1, (tree, dir, unit) => tree.link(`${dir}/${unit}.d`, "/nix/store/gone/drop-ins")],
  [1, (tree, dir, unit) => link(tree, `${dir}/${unit}.d`, "/opt/linked/drop-ins")],
  // What `systemctl enable` makes, and `systemctl add-wants`.
  [
    3,
    (tree, dir, unit) =>
      tree.link(`${dir}/multi-user.target.wants/${unit}`, `../${templateIn(unit)}`),
  ],
  [
    1,
    (tree, dir, unit) => {
      tree.link(
        `${dir}/multi-user.target.wants/${unit}`,
        `/etc/systemd/system/${templateIn(unit)}`,
      );
    },
  ],
  [
    1,
    (tree, dir, unit) =>
      tree.link(`${dir}/multi-user.target.wants/${unit}`, `/nix/store/gone/${unit}`),
  ],
  [
    1,
    (tree, dir, unit) => link(tree, `${dir}/timers.target.upholds/${unit}`, `/opt/linked/${unit}`),
  ],
  [1, (tree, dir, unit) => tree.link(`${dir}/${unit}.wants/microvm@bar.service`, "../x")],
  [1, (tree, dir, unit) => tree.link(`${dir}/${unit}.requires/other.service`, "../x")],
  // A directory of links that is elsewhere is not read.
  [
    1,
    (tree, dir, unit) => {
      tree.link(`/opt/wanted/${unit}`, "/nowhere");
      if (!tree.has(`${dir}/timers.target.wants`))
        tree.link(`${dir}/timers.target.wants`, "/opt/wanted");
    },
  ],
];

/** A link to a file that exists. */
function link(tree: Tree, path: string, target: string): void {
  if (!tree.has(target)) tree.file(target, "[Unit]\n");
  tree.link(path, target);
}

function templateIn(unit: string): string {
  return unit.includes("@") ? unit.replace(/@.*(\.\w+)$/s, "@$1") : unit;
}

const ALIASES: readonly Appear[] = [
  (tree, dir, unit) => link(tree, `${dir}/${unit}`, `${dir}/my-vm@.service`),
  (tree, dir, unit) => link(tree, `${dir}/${unit}`, `${dir}/my-vm.service`),
  (tree, dir, unit) => link(tree, `${dir}/my-alias.service`, `${dir}/${unit}`),
  (tree, dir, unit) => tree.link(`${dir}/${unit}`, "microvm@fw.service"),
];

/** Units that look like those of the families, and are none. */
const STRANGERS = [
  "other.service",
  "microvm@bad name.service",
  "microvm@..service",
  "microvm@...service",
  "microvm-extra@bar.service",
  "microvm@bar.mount",
  "microvm@bar.service.d.bak",
  "xmicrovm@bar.service",
];

/** A change that puts a unit into a unit directory. */
export function appearance(template: fc.Arbitrary<string>): fc.Arbitrary<Change> {
  const instance = fc.tuple(family, anyName).map(([text, vm]) => `${text}@${vm}.service`);
  const unit = fc.oneof(
    { weight: 8, arbitrary: instance },
    { weight: 4, arbitrary: template },
    { weight: 1, arbitrary: vmName.map((vm) => `install-microvm-${vm}.service`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(vmName, fc.constantFrom("timer", "socket", "path"))
        .map(([vm, type]) => `microvm@${vm}.${type}`),
    },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGERS) },
  );
  const directory = fc.constantFrom(...DIRECTORIES);
  const appear = fc.oneof(
    ...APPEARANCES.map(([weight, way]) => ({ weight, arbitrary: fc.constant(way) })),
  );
  const anyUnit = fc.tuple(directory, unit, appear).map(
    ([dir, name, way]): Change =>
      (tree) =>
        way(tree, dir, name),
  );
  const named = fc.tuple(family, vmName).map(([text, vm]) => `${text}@${vm}.service`);
  const alias = fc.tuple(directory, named, fc.constantFrom(...ALIASES)).map(
    ([dir, name, way]): Change =>
      (tree) =>
        way(tree, dir, name),
  );
  return fc.oneof({ weight: 12, arbitrary: anyUnit }, { weight: 1, arbitrary: alias });
}
