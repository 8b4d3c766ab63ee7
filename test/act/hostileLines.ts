import { FAMILIES } from "../oracle/units.ts";

/** The toplevel that the lines are about has this template, and the page declares `fw` and keeps `lab`. */
export const HELD_TEMPLATE = "microvm@.service";
const CONTROL = "/etc/systemd/system.control";
const RUN = "/run/systemd/system";

/** Lines that all fit. */
export const GOOD_LINES = [
  "stop\tbar\tmicrovm@bar.service\tmicrovm-virtiofsd@bar.service",
  `remove\tbar\t${CONTROL}/microvm@bar.service.d`,
  `remove\tbar\t${RUN}/x.target.wants/microvm@bar.service`,
  `remove\t-\t${RUN}/microvm-pci-devices@.service`,
  `keep\told\t${CONTROL}/microvm@old.service\ta whole unit file`,
  "reset\told\tmicrovm@old.service",
  "note\tsomething",
];

const NO_NAMES = [
  "",
  " ",
  ".",
  "..",
  "../bar",
  "bar/../fw",
  "a b",
  "*",
  "?",
  "ba\u0072\u0301",
  "x".repeat(221),
];
/** Names that are not decide's to dispose of. */
const OTHER_NAMES = ["fw", "lab"];
const OTHER_UNITS = [
  "sshd.service",
  "microvm@.service",
  "microvms.target",
  "microvm@fw.service",
  "microvm@lab.service",
  "microvm@*.service",
  "microvm@ba?.service",
  "microvm@bar",
  "microvm@bar.service.d",
  "microvm@bar.service ",
  " microvm@bar.service",
  "microvm@bar.service microvm@fw.service",
  "microvm@bar.service,sshd.service",
  "microvm-extra@bar.service",
  "xmicrovm@bar.service",
  "Microvm@bar.service",
  "microvm@bar@.service",
  "install-microvm-fw.service",
  "--force",
  "--",
  "",
  "/etc/systemd/system/microvm@bar.service",
  ...["timer", "socket", "path", "target", "mount", "slice"].map((type) => `microvm@bar.${type}`),
];

/** Lines that stop or reset what they must not. */
function unitLines(): string[] {
  return ["stop", "reset"].flatMap((word) => [
    ...[...NO_NAMES, ...OTHER_NAMES].map((name) => `${word}\t${name}\tmicrovm@${name}.service`),
    // Alone, or behind a unit that fits.
    ...OTHER_UNITS.map((unit, at) => {
      const isAlone = (at % 2 === 0) === (word === "stop");
      return isAlone ? `${word}\tbar\t${unit}` : `${word}\tbar\tmicrovm@bar.service\t${unit}`;
    }),
    ...FAMILIES.flatMap((family) => [
      `${word}\tbar\t${family}@fw.service`,
      `${word}\tfw\t${family}@fw.service`,
      `${word}\tfw\t${family}@bar.service`,
    ]),
  ]);
}

const OTHER_DIRECTORIES = [
  "",
  ".",
  "/",
  "/etc",
  "/etc/systemd",
  "/etc/systemd/user",
  "/etc/static/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
  "/run/systemd/transient",
  "/run/systemd/generator",
  "/nix/store/x",
  "/nix/store/x/etc/systemd/system",
  "/nix/var/nix/gcroots/microvm",
  "/var/lib/microvms",
  "/var/lib/microvms/bar",
  "/var/lib/microvm-sweep/removed",
  "/home/bar",
  "etc/systemd/system",
  "//etc/systemd/system",
  "/etc//systemd/system",
  "/etc/systemd/system/",
  "/etc/systemd/system/.",
  "/etc/systemd/system/..",
  "/etc/systemd/system/../system",
  "/etc/systemd/./system",
  "/proc/self/root/etc/systemd/system",
  "/etc/systemd/system /etc/systemd/system",
  "/etc/systemd/system.control /run/systemd/system",
];
/** Entries of a unit directory that are not of the VM `bar`, or not of the forms that go. */
const OTHER_ENTRIES = [
  "",
  ".",
  "..",
  "*",
  "sshd.service",
  "sshd.service.d",
  "x.target.wants",
  "x.target.wants/sshd.service",
  "x.service.d/microvm@bar.service",
  "x.d/microvm@bar.service",
  "x.target.wants.d/microvm@bar.service",
  "x.target.wants/y/microvm@bar.service",
  "x.target.wants/../microvm@bar.service",
  "x.target.wants/microvm@bar.service.d",
  "x.target.wants/microvm@bar.service/y",
  "../x.wants/microvm@bar.service",
  "..wants/../../passwd",
  "microvm@bar.service.d/50-x.conf",
  "microvm@bar.service.d/",
  "microvm@bar.service.d/..",
  "microvm@bar.service.d/../../system",
  "microvm@bar.service.d.d",
  "microvm@bar.service.bak",
  "microvm@bar.mount",
  "microvm@bar.service d",
  "microvm@.service",
  "microvm@-.service.d",
  "microvm@fw.service",
  "microvm@fw.service.d",
  "microvm@lab.service.d",
  "multi-user.target.wants/microvm@fw.service",
  "microvm-extra@bar.service.d",
  "linked.wants/microvm@bar.service",
];

/** Lines that remove what they must not. */
function pathLines(): string[] {
  return [
    ...[...NO_NAMES, ...OTHER_NAMES].map(
      (name) => `remove\t${name}\t${CONTROL}/microvm@${name}.service.d`,
    ),
    ...OTHER_DIRECTORIES.map((directory, at) => {
      if (at % 3 === 0) return `remove\tbar\t${directory}/microvm@bar.service.d`;
      if (at % 3 === 1) return `remove\tbar\t${directory}/x.target.wants/microvm@bar.service`;
      return `remove\t-\t${directory}/microvm-pci-devices@.service`;
    }),
    ...OTHER_ENTRIES.map((entry, at) => `remove\tbar\t${at % 2 === 0 ? CONTROL : RUN}/${entry}`),
    // The name of another VM, or none.
    ...["fw", "lab", "old", "-"].map((name) => `remove\t${name}\t${CONTROL}/microvm@bar.service.d`),
    // What the generation has.
    ...["", ".d", ".wants"].map((kind) => `remove\t-\t${CONTROL}/${HELD_TEMPLATE}${kind}`),
    `remove\t-\t${RUN}/x.target.wants/${HELD_TEMPLATE}`,
    // A unit directory that is in the store.
    "remove\tbar\t/run/systemd/system.attached/microvm@bar.service.d",
    "remove\tbar\t/run/systemd/system.attached/x.target.wants/microvm@bar.service",
    "remove\t-\t/run/systemd/system.attached/microvm-pci-devices@.service",
    "remove\tbar\t/etc/passwd",
    "remove\t-\t/etc/passwd",
    "remove\tbar\t/var/lib/microvms/bar/disk.img",
    "remove\tbar\t/nix/var/nix/gcroots/microvm/bar",
  ];
}

/** Lines of other words, and of words that only `act` may add or only a plan has. */
function wordLines(): string[] {
  const words = [
    "",
    " ",
    "kill",
    "Stop",
    "STOP",
    "stop ",
    " stop",
    "sto",
    "stops",
    "move",
    "rm",
    "run",
    "End",
  ];
  return [
    ...words.map((word) => `${word}\tbar\tmicrovm@bar.service`),
    ...words.filter((word) => word !== "").map((word) => word),
    "hold\tbar\twhy",
    "reload",
    "error\ttext",
    "vm\tbar\torphan\tevidence",
    "fact\tbar\ta sentence",
    "$(systemctl stop sshd.service)",
    "stop bar microvm@bar.service",
    "",
  ];
}

/** Good lines with a field too few or too many, or with a character that no field has. */
function formLines(): string[] {
  const minimal = GOOD_LINES.map((line) => line.split("\t"));
  const short = minimal.map((fields) => fields.slice(0, fields[0] === "stop" ? 2 : -1).join("\t"));
  const long = minimal
    .filter(([word]) => word !== "stop" && word !== "reset")
    .map((fields) => [...fields, "x"].join("\t"));
  const characters = [
    "\u0001",
    "\b",
    "\u000b",
    "\u000c",
    "\r",
    "\u001b[2J",
    "\u007f",
    "\u0080",
    "\u00e9",
  ];
  const marred = characters.flatMap((character) =>
    GOOD_LINES.map((line, at) => {
      if (at % 3 === 0) return `${line}${character}`;
      return at % 3 === 1 ? `${character}${line}` : line.replace("\t", `\t${character}`);
    }),
  );
  const empty = GOOD_LINES.flatMap((line) => [
    `${line}\t`,
    `\t${line}`,
    line.replace("\t", "\t\t"),
    `${line}\t\t`,
  ]);
  return [...short, ...long, ...marred, ...empty];
}

const WHOLE = `${GOOD_LINES.join("\n")}\nend\n`;

/** Answers of `decide` that are not whole. */
function endings(): string[] {
  const before = GOOD_LINES.join("\n");
  return [
    "",
    "\n",
    "\n\n\n",
    `${before}\n`,
    before,
    ...GOOD_LINES.map((_, at) => `${GOOD_LINES.slice(0, at).join("\n")}\n`),
    ...[3, 20, 100].map((bytes) => WHOLE.slice(0, bytes)),
    `${before}\nen`,
    `${before}\nEND\n`,
    `${before}\nend\t\n`,
    `${before}\nend\tx\n`,
    `${before}\n end\n`,
    `${before}\nend \n`,
    `${before}\nend\nend\n`,
    `${before}\nend\n\nend\n`,
    `end\n${before}\n`,
    `end\n${before}\nend\n`,
    `${before}\nend\n${GOOD_LINES[0]}\n`,
    WHOLE.replaceAll("\n", "\r\n"),
    `\ufeff${WHOLE}`,
    `${before}\n${"x".repeat(1 << 20)}\nend\n`,
  ];
}

/** Each answer has something that does not fit, and otherwise lines that do. */
export const HOSTILE: Readonly<Record<string, readonly string[]>> = {
  "stops or resets what it must not": withLines(unitLines()),
  "removes what it must not": withLines(pathLines()),
  "has a word that is none": withLines(wordLines()),
  "has another form": withLines(formLines()),
  "is not whole": endings(),
};

/** The line among those that fit: at the beginning, in the middle and at the end. */
function withLines(lines: readonly string[]): string[] {
  return [...new Set(lines)].map((line, index) => {
    const at = [0, 3, GOOD_LINES.length][index % 3] ?? 0;
    return `${GOOD_LINES.toSpliced(at, 0, line).join("\n")}\nend\n`;
  });
}

export { WHOLE };
