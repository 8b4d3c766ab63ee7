import fc from "fast-check";
import { choices } from "../../src/policy/policy.ts";
import { type DescribedHost, GENERATION, type LoadedUnit } from "../oracle/host.ts";
import { Tree } from "../oracle/tree.ts";
import { PREFIXES } from "../oracle/units.ts";

const NAMES = [
  "fw",
  "bar",
  "baz",
  "a.b",
  "x@y",
  "@",
  "booted-bar",
  "old-fw",
  "-dash",
  "c:d",
  "e\\x2d",
];
const DIRECTORIES = [
  "/etc/systemd/system.control",
  "/run/systemd/system.control",
  "/etc/systemd/system",
  "/run/systemd/system",
  "/etc/systemd/system.attached",
  "/opt/units",
];
const OLD = ["/nix/store/g-1", "/nix/store/g-2"];
const UNITS = "etc/systemd/system";
const STATE_DIR = "/var/lib/microvms";

/** Changes a tree. A host is made of many of them, so that it shrinks to the few that matter. */
type Change = (tree: Tree) => void;

const name = fc.constantFrom(...NAMES);
const prefix = fc.constantFrom(...PREFIXES);
const directory = fc.constantFrom(...DIRECTORIES);
const toplevel = fc.constantFrom(...OLD, GENERATION);

const installUnit = fc.tuple(toplevel, name).map(
  ([top, vm]): Change =>
    (tree) =>
      tree.file(`${top}/${UNITS}/install-microvm-${vm}.service`),
);

const generationUnit = fc
  .tuple(
    toplevel,
    fc.oneof(
      prefix.map((text) => `${text}@.service`),
      fc.constantFrom("microvms.target", "microvm@bar.service.d/x.conf"),
    ),
  )
  .map(
    ([top, unit]): Change =>
      (tree) =>
        tree.file(`${top}/${UNITS}/${unit}`, "[Unit]\n"),
  );

const stateEntry = fc
  .tuple(
    fc.oneof(name, fc.constantFrom("lost+found", "with space", "new\nline", "*")),
    fc.constantFrom("directory", "toplevel", "link", "elsewhere", "file", "dangling"),
  )
  .map(
    ([vm, kind]): Change =>
      (tree) => {
        const path = `${STATE_DIR}/${vm}`;
        if (kind === "file") tree.file(path, "x");
        else if (kind === "link") tree.link(path, "/etc");
        else if (kind === "elsewhere")
          tree.link("/opt/elsewhere/toplevel", "/nix/store/gone").link(path, "/opt/elsewhere");
        else if (kind === "dangling") tree.link(path, "/nowhere");
        else tree.file(`${path}/disk.img`, "data");
        if (kind === "toplevel") tree.link(`${path}/toplevel`, "/nix/store/gone");
      },
  );

/** The ways in which a unit can be in a unit directory. */
const APPEARANCES: Readonly<Record<string, (tree: Tree, dir: string, unit: string) => void>> = {
  file: (tree, dir, unit) => tree.file(`${dir}/${unit}`, "[Unit]\n"),
  dangling: (tree, dir, unit) => tree.link(`${dir}/${unit}`, "/nix/store/gone/unit"),
  store: (tree, dir, unit) =>
    tree.file("/nix/store/u/unit", "u").link(`${dir}/${unit}`, "/nix/store/u/unit"),
  dropIn: (tree, dir, unit) => tree.file(`${dir}/${unit}.d/50-x.conf`, "[Service]\n"),
  wants: (tree, dir, unit) => tree.link(`${dir}/${unit}.wants/microvm@bar.service`, "../x"),
  requires: (tree, dir, unit) => tree.link(`${dir}/${unit}.requires/other.service`, "../x"),
  wanted: (tree, dir, unit) => tree.link(`${dir}/multi-user.target.wants/${unit}`, `../${unit}`),
  wantedByLink: (tree, dir, unit) => {
    tree.link(`/opt/linked/${unit}`, "/nowhere");
    if (tree.has(`${dir}/timers.target.wants`)) return;
    tree.link(`${dir}/timers.target.wants`, "/opt/linked");
  },
};

const anyUnit = fc.oneof(
  fc.tuple(prefix, name).map(([family, vm]) => `${family}@${vm}.service`),
  prefix.map((family) => `${family}@.service`),
  name.map((vm) => `install-microvm-${vm}.service`),
  fc.constantFrom(
    "microvms.target",
    "other.service",
    "microvm@bad name.service",
    "microvm@..service",
    "microvm@...service",
    "microvm@x.socket",
    "microvm-extra@bar.service",
  ),
);

const unitEntry = fc.tuple(directory, anyUnit, fc.constantFrom(...Object.values(APPEARANCES))).map(
  ([dir, unit, appear]): Change =>
    (tree) =>
      appear(tree, dir, unit),
);

const root = fc.tuple(name, fc.constantFrom("", "booted-", "old-"), fc.boolean()).map(
  ([vm, which, dangles]): Change =>
    (tree) => {
      const path = `/nix/var/nix/gcroots/microvm/${which}${vm}`;
      tree.link(path, dangles ? `${STATE_DIR}/${vm}/current` : "/nix/store/u");
      if (!dangles) tree.directory("/nix/store/u");
    },
);

const links: fc.Arbitrary<Change> = fc.constantFrom<Change>(
  (tree) => tree.link("/run/current-system", OLD[0] ?? ""),
  (tree) => tree.link("/run/current-system", OLD[1] ?? ""),
  (tree) => tree.link("/run/current-system", GENERATION),
  (tree) => tree.link("/run/booted-system", OLD[0] ?? ""),
  (tree) => tree.link("/nix/var/nix/profiles/system-7-link", OLD[1] ?? ""),
  (tree) => tree.link("/nix/var/nix/profiles/system-8-link", GENERATION),
);

/** A table that mounts the state directory, a directory above it, or others. */
const fstab = fc
  .constantFrom(STATE_DIR, "/var/lib", "/var", "/var/lib/microvms-old", "/srv", `${STATE_DIR}/bar`)
  .map(
    (point): Change =>
      (tree) =>
        tree.file(
          `${GENERATION}/etc/fstab`,
          `# table\n/dev/sda1 / ext4 defaults 0 1\n/dev/sdb1 ${point} ext4 defaults 0 2\n`,
        ),
  );

const record = fc.oneof(
  fc.array(name, { maxLength: 4 }).map(
    (names): Change =>
      (tree) =>
        tree.file("/run/microvm-sweep/declared", names.map((vm) => `${vm}\n`).join("")),
  ),
  fc.constant<Change>((tree) =>
    tree.file("/run/microvm-sweep/declared", "../etc\nbad name\n.\n..\nbar\n"),
  ),
  fc.array(name, { maxLength: 3 }).map(
    (names): Change =>
      (tree) =>
        tree.file("/run/microvm-sweep/unfinished", names.map((vm) => `${vm}\n`).join("")),
  ),
  fc.constant<Change>((tree) => tree.file("/run/microvm-sweep/pending", "reload\n")),
);

/** /etc/systemd/system as NixOS has it: the generation's own, by way of the store. */
const linkedEtc = fc.constant<Change>((tree) => {
  tree.remove("/etc/systemd/system");
  tree.link("/etc/systemd/system", `${GENERATION}/${UNITS}`);
});

const unitName = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(prefix, name).map(([family, vm]) => `${family}@${vm}.service`),
  },
  { weight: 1, arbitrary: name.map((vm) => `install-microvm-${vm}.service`) },
  { weight: 1, arbitrary: fc.constant("other.service") },
);

/** Mostly none: where many units need others, hardly a VM would stop. */
const neededBy = fc.oneof(
  { weight: 7, arbitrary: fc.constant<string[]>([]) },
  { weight: 1, arbitrary: fc.uniqueArray(unitName, { minLength: 1, maxLength: 3 }) },
);

const unit: fc.Arbitrary<LoadedUnit> = fc.record({
  name: unitName,
  neededBy,
  active: fc.constantFrom("active", "active", "activating", "deactivating", "inactive", "failed"),
  onStop: fc.constantFrom("stops", "stops", "stops", "stops", "fails", "refuses"),
});

const names = (most: number) =>
  fc.uniqueArray(name, { maxLength: most }).map((list) => [...list].sort());

const program = fc.record({
  hostName: fc.constant("hyp-01"),
  stateDir: fc.constant(STATE_DIR),
  vms: names(3),
  autostart: names(2),
  policy: fc.record({
    orphans: fc.constantFrom(...choices("orphans")),
    unitFiles: fc.constantFrom(...choices("unitFiles")),
    state: fc.constantFrom(...choices("state")),
    gcroots: fc.constantFrom(...choices("gcroots")),
    keep: names(2),
    stateDelete: names(4),
    unitDirs: fc.constantFrom([], ["/opt/units"]),
  }),
});

const change = fc.oneof(
  { weight: 3, arbitrary: installUnit },
  { weight: 2, arbitrary: generationUnit },
  { weight: 4, arbitrary: stateEntry },
  { weight: 8, arbitrary: unitEntry },
  { weight: 2, arbitrary: root },
  { weight: 3, arbitrary: links },
  { weight: 1, arbitrary: record },
);

/** Any host: few names, that meet in many places. */
export const anyHost: fc.Arbitrary<DescribedHost> = fc
  .record({
    program,
    systemd: fc.constantFrom("running", "running", "running", "running", "boot", "silent"),
    dry: fc.constant(false),
    changes: fc.array(change, { maxLength: 25 }),
    etc: fc.option(linkedEtc, { freq: 4 }),
    table: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fstab },
    ),
    units: fc.uniqueArray(unit, { selector: (loaded) => loaded.name, maxLength: 10 }),
    hasGeneration: fc.integer({ min: 0, max: 30 }).map((n) => n > 0),
  })
  .map(({ changes, etc, table, hasGeneration, ...host }): DescribedHost => {
    const tree = new Tree()
      .directory(STATE_DIR)
      .directory("/etc/systemd/system")
      .directory(GENERATION);
    if (hasGeneration) tree.directory(`${GENERATION}/${UNITS}`);
    for (const apply of changes) apply(tree);
    etc?.(tree);
    table?.(tree);
    if (host.systemd === "boot") tree.remove("/run");
    return { ...host, units: host.systemd === "boot" ? [] : host.units, tree };
  });
