import { UNIT_DIRECTORIES } from "../microvm/directories.ts";
import { FAMILIES, MAX_INSTANCE_NAME_BYTES } from "../microvm/names.ts";
import type { HostSweep } from "./hostSweep.ts";
import { bashWord } from "./quote/bashWord.ts";
import { bashWords } from "./quote/bashWords.ts";
import type { BashWord, BashWords } from "./quote/brands.ts";

/** Text of ours that is Bash already, such as a glob: never made from input. */
type BashSource = string & { readonly bashSource: unique symbol };

/** What the script templates may name: quoted values, and switches that choose partials. */
export interface ScriptView {
  readonly vms: BashWords;
  readonly autostart: BashWords;
  readonly stateDir: BashWord;
  readonly keep: BashWords;
  readonly orphans: BashWord;
  readonly stateDelete: BashWords;
  readonly unitDirs: BashWords;
  readonly families: BashWords;
  readonly installPrefix: BashWord;
  readonly target: BashWord;
  readonly maxNameLength: number;
  readonly removeWords: BashSource;
  readonly usesStore: boolean;
  readonly deletesFiles: boolean;
  readonly quarantinesFiles: boolean;
  readonly reportsFiles: boolean;
  readonly prunes: boolean;
  readonly movesState: boolean;
  readonly archivesState: boolean;
  readonly deletesState: boolean;
}

function source(text: string): BashSource {
  return text as BashSource;
}

/** The units of the families as the script writes them: equal for every host. */
const FAMILY_VIEW = {
  families: bashWords(FAMILIES.templatePrefixes),
  installPrefix: bashWord(FAMILIES.installPrefix),
  target: bashWord(FAMILIES.target),
  maxNameLength: MAX_INSTANCE_NAME_BYTES,
};

/** Quotes a program for Bash and turns its policy into the switches of the templates. */
export function scriptView(program: HostSweep): ScriptView {
  const { policy } = program;
  return {
    ...FAMILY_VIEW,
    vms: bashWords(program.vms),
    autostart: bashWords(program.autostart),
    stateDir: bashWord(program.stateDir),
    keep: bashWords(policy.keep),
    orphans: bashWord(policy.orphans),
    stateDelete: bashWords(policy.stateDelete),
    unitDirs: bashWords([...UNIT_DIRECTORIES, ...policy.unitDirs]),
    removeWords: source(
      policy.unitFiles === "quarantine" ? "quarantining quarantine" : "removing remove",
    ),
    usesStore: policy.unitFiles === "quarantine" || policy.state === "archive",
    deletesFiles: policy.unitFiles === "delete",
    quarantinesFiles: policy.unitFiles === "quarantine",
    reportsFiles: policy.unitFiles === "report",
    prunes: policy.gcroots === "prune",
    movesState: policy.state !== "keep",
    archivesState: policy.state === "archive",
    deletesState: policy.state === "delete",
  };
}
