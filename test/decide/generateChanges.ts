import fc from "fast-check";
import { GENERATION, PROFILE, ROOTS, UNITS } from "../oracle/host.ts";
import { NULL_DEVICE } from "../oracle/tree.ts";
import { TARGET } from "../oracle/units.ts";
import { anyName, type Change, family, OLDS, vmName, vmNames } from "./generateNames.ts";
import { appearance } from "./generateUnitFiles.ts";

const SPECIALISATION = "/nix/store/g-spec";
/** A system that boots, and of which G may be a specialisation. */
const PARENT = "/nix/store/g-parent";
const PROFILES = "/nix/var/nix/profiles";

const installUnit = fc
  .tuple(fc.constantFrom(...OLDS, ...OLDS, GENERATION, SPECIALISATION, PARENT), anyName)
  .map(
    ([top, vm]): Change =>
      (tree) =>
        tree.file(`${top}/${UNITS}/install-microvm-${vm}.service`),
  );

const template = fc.oneof(
  family.map((text) => `${text}@.service`),
  fc.constant(TARGET),
);

/** `microvm.autostart` of an older system; G's own is in its data. */
const autostart = fc.tuple(fc.constantFrom(...OLDS, SPECIALISATION, PARENT), vmNames(2)).map(
  ([top, names]): Change =>
    (tree) =>
      tree.file(
        `${top}/${UNITS}/${TARGET}`,
        `[Unit]\nWants=${names.map((name) => `microvm@${name}.service`).join(" ")}\n`,
      ),
);

const generationUnit = fc
  .tuple(
    fc.constantFrom(...OLDS, GENERATION, GENERATION, GENERATION),
    fc.oneof(
      { weight: 3, arbitrary: template.map((unit) => ({ unit, way: "file" as const })) },
      {
        weight: 1,
        arbitrary: vmName.map((vm) => ({
          unit: `microvm@${vm}.service.d/x.conf`,
          way: "file" as const,
        })),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(vmName, fc.constantFrom("file", "store", "mask", "masked in the store", "empty"))
          .map(([vm, way]) => ({ unit: `microvm@${vm}.service`, way })),
      },
      {
        weight: 2,
        arbitrary: vmName.map((vm) => ({
          unit: `multi-user.target.wants/microvm@${vm}.service`,
          way: "link" as const,
        })),
      },
    ),
  )
  .map(
    ([top, { unit, way }]): Change =>
      (tree) => {
        const path = `${top}/${UNITS}/${unit}`;
        const stored = `/nix/store/unit-${way === "store" ? "file" : "mask"}/unit`;
        if (way === "file") tree.file(path, "[Unit]\n");
        else if (way === "empty") tree.file(path, "");
        else if (way === "mask") tree.link(path, NULL_DEVICE);
        // NixOS links to the unit itself, which may be only a drop-in.
        else if (way === "link") tree.link(path, `../${unit.split("/")[1]}`);
        else {
          if (way === "store") tree.file(stored, "[Unit]\n");
          else tree.link(stored, NULL_DEVICE);
          tree.link(path, stored);
        }
      },
  );

const ODD_ENTRIES = ["lost+found", "with space", "new\nline", "*"];

const stateEntry = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: vmName },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_ENTRIES) },
    ),
    fc.constantFrom(
      "directory",
      "directory",
      "toplevel",
      "toplevel",
      "real",
      "link",
      "dangling",
      "file",
    ),
  )
  .map(([vm, kind]): { vm: string; kind: string } => ({ vm, kind }));

/** A state directory as the host module, a tool, or the user microvm makes it. */
const state = (stateDir: string) =>
  stateEntry.map(
    ({ vm, kind }): Change =>
      (tree) => {
        const path = `${stateDir}/${vm}`;
        if (kind === "file") tree.file(path, "x");
        else if (kind === "link")
          tree.link("/opt/elsewhere/toplevel", "/nix/store/gone").link(path, "/opt/elsewhere");
        else if (kind === "dangling") tree.link(path, "/nowhere");
        else tree.file(`${path}/disk.img`, "data");
        if (kind === "toplevel") tree.link(`${path}/toplevel`, "/nix/store/gone");
        // No link: somebody wrote it.
        if (kind === "real") tree.file(`${path}/toplevel`, "x");
      },
  );

/** Names of roots that no VM can have; a terminal would obey the first. */
const ODD_ROOTS = ["\u001b[31mred", "new\nroot", "caf\u00e9", "auto"];

const rootLink = fc
  .tuple(
    fc.oneof(
      { weight: 9, arbitrary: vmName },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_ROOTS) },
    ),
    fc.constantFrom("", "", "booted-", "old-"),
    fc.constantFrom("dangling", "dangling", "store", "directory", "file"),
  )
  .map(
    ([vm, which, kind]): Change =>
      (tree) => {
        const path = `${ROOTS}/${which}${vm}`;
        if (kind === "store") tree.directory("/nix/store/u");
        if (kind === "directory") tree.directory(path);
        else if (kind === "file") tree.file(path, "x");
        else tree.link(path, kind === "store" ? "/nix/store/u" : "/nowhere/current");
      },
  );

const links = fc
  .constantFrom<readonly (readonly [string, string])[]>(
    [["/run/current-system", OLDS[0]]],
    [["/run/current-system", OLDS[0]]],
    [["/run/current-system", OLDS[1]]],
    [["/run/current-system", GENERATION]],
    [["/run/booted-system", OLDS[0]]],
    [["/run/booted-system", OLDS[1]]],
    [["/run/booted-system", "/nix/store/gone"]],
    [[`${PROFILES}/system-7-link`, OLDS[1]]],
    [[`${PROFILES}/system-8-link`, GENERATION]],
    [[PROFILE, GENERATION]],
    [[PROFILE, OLDS[1]]],
    [
      [PROFILE, "system-7-link"],
      [`${PROFILES}/system-7-link`, OLDS[1]],
    ],
    [[`${GENERATION}/specialisation/s`, SPECIALISATION]],
    [
      [PROFILE, PARENT],
      [`${PARENT}/specialisation/g`, GENERATION],
      [`${PARENT}/specialisation/s`, SPECIALISATION],
    ],
  )
  .map(
    (pairs): Change =>
      (tree) => {
        for (const [path, target] of pairs) tree.link(path, target);
      },
  );

/** Any one change of the files of a host. */
export const change = (stateDir: string) =>
  fc.oneof(
    { weight: 4, arbitrary: installUnit },
    { weight: 1, arbitrary: autostart },
    { weight: 3, arbitrary: generationUnit },
    { weight: 3, arbitrary: state(stateDir) },
    { weight: 9, arbitrary: appearance(template) },
    { weight: 2, arbitrary: rootLink },
    { weight: 4, arbitrary: links },
  );
