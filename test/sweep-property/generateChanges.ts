import fc from "fast-check";
import { GENERATION, UNITS } from "../oracle/host.ts";
import { PENDING } from "../oracle/oracle.ts";
import { RECORD, recordText } from "../oracle/record.ts";
import {
  type Change,
  family,
  OLD,
  STATE_DIRS,
  stateDir,
  vmName,
  vmNames,
} from "./generateNames.ts";
import { appearance } from "./generateUnitFiles.ts";

const SPECIALISATION = "/nix/store/g-spec";
/** A system of which G may be a specialisation. */
const PARENT = "/nix/store/g-parent";
const ROOTS = "/nix/var/nix/gcroots/microvm";
const PROFILES = "/nix/var/nix/profiles";

const installUnit = fc
  .tuple(fc.constantFrom(...OLD, ...OLD, GENERATION, SPECIALISATION, PARENT), vmName)
  .map(
    ([top, vm]): Change =>
      (tree) =>
        tree.file(`${top}/${UNITS}/install-microvm-${vm}.service`),
  );

const template = fc.oneof(
  family.map((text) => `${text}@.service`),
  fc.constant("microvms.target"),
);

const generationUnit = fc
  .tuple(
    fc.constantFrom(...OLD, GENERATION, GENERATION),
    fc.oneof(
      { weight: 4, arbitrary: template },
      { weight: 1, arbitrary: vmName.map((vm) => `microvm@${vm}.service.d/x.conf`) },
      { weight: 1, arbitrary: vmName.map((vm) => `microvm@${vm}.service`) },
      { weight: 1, arbitrary: vmName.map((vm) => `multi-user.target.wants/microvm@${vm}.service`) },
    ),
  )
  .map(
    ([top, unit]): Change =>
      (tree) =>
        tree.file(`${top}/${UNITS}/${unit}`, "[Unit]\n"),
  );

const ODD_ENTRIES = ["lost+found", "with space", "new\nline", "*"];

const stateEntry = fc
  .tuple(
    stateDir,
    fc.oneof(
      { weight: 4, arbitrary: vmName },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_ENTRIES) },
    ),
    fc.constantFrom(
      "directory",
      "directory",
      "toplevel",
      "toplevel",
      "current",
      "link",
      "file",
      "dangling",
    ),
  )
  .map(
    ([directory, vm, kind]): Change =>
      (tree) => {
        const path = `${directory}/${vm}`;
        if (kind === "file") tree.file(path, "x");
        else if (kind === "link")
          tree.link("/opt/elsewhere/toplevel", "/nix/store/gone").link(path, "/opt/elsewhere");
        else if (kind === "dangling") tree.link(path, "/nowhere");
        else tree.file(`${path}/disk.img`, "data");
        if (kind === "toplevel") tree.link(`${path}/toplevel`, "/nix/store/gone");
        if (kind === "current")
          tree.directory("/nix/store/u").link(`${path}/current`, "/nix/store/u");
      },
  );

/** Names of roots that no VM can have; a terminal would obey the first. */
const ODD_ROOTS = ["\u001b[31mred", "new\nroot", "caf\u00e9"];

const rootLink = fc
  .tuple(
    stateDir,
    fc.oneof(
      { weight: 9, arbitrary: vmName },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_ROOTS) },
    ),
    fc.constantFrom("", "", "booted-", "old-"),
    fc.constantFrom("current", "current", "store"),
  )
  .map(
    ([directory, vm, which, target]): Change =>
      (tree) => {
        const leads = target === "store";
        if (leads) tree.directory("/nix/store/u");
        tree.link(`${ROOTS}/${which}${vm}`, leads ? "/nix/store/u" : `${directory}/${vm}/current`);
      },
  );

const links = fc
  .constantFrom<readonly (readonly [string, string])[]>(
    [["/run/current-system", OLD[0]]],
    [["/run/current-system", OLD[0]]],
    [["/run/current-system", OLD[1]]],
    [["/run/current-system", GENERATION]],
    [["/run/booted-system", OLD[0]]],
    [[`${PROFILES}/system-7-link`, OLD[1]]],
    [[`${PROFILES}/system-8-link`, GENERATION]],
    [[`${PROFILES}/system`, GENERATION]],
    [[`${PROFILES}/system`, OLD[1]]],
    [[`${GENERATION}/specialisation/s`, SPECIALISATION]],
    [
      [`${PROFILES}/system`, PARENT],
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

const record = fc
  .record({
    toplevel: fc.constantFrom(...OLD, OLD[0], GENERATION),
    next: fc.constantFrom("", GENERATION, OLD[1]),
    stateDir: fc.constantFrom(...STATE_DIRS, "/opt/vms"),
    names: fc.array(
      fc.oneof(
        { weight: 9, arbitrary: vmName },
        { weight: 1, arbitrary: fc.constantFrom("..", "a b") },
      ),
      {
        maxLength: 4,
      },
    ),
    unfinished: vmNames(2),
  })
  .map(
    (content): Change =>
      (tree) =>
        tree.file(RECORD, recordText(content)),
  );

const pending = fc.constant<Change>((tree) => tree.file(PENDING, "reload\n"));

/** Any one change of the files of a host. */
export const change = fc.oneof(
  { weight: 4, arbitrary: installUnit },
  { weight: 2, arbitrary: generationUnit },
  { weight: 4, arbitrary: stateEntry },
  { weight: 8, arbitrary: appearance(template) },
  { weight: 2, arbitrary: rootLink },
  { weight: 4, arbitrary: links },
  { weight: 1, arbitrary: record },
  { weight: 1, arbitrary: pending },
);
