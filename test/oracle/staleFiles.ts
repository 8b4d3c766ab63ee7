import { type Fate, isSwept, templatesHeld } from "./fates.ts";
import type { DescribedHost } from "./host.ts";
import {
  dangles,
  generationHas,
  isLinkOutside,
  isOurs,
  type UnitFile,
  unitFiles,
} from "./unitFiles.ts";

export interface StaleFiles {
  /** Paths that go, each whole. */
  readonly stale: readonly string[];
  /** Paths of an administrator that stay, though their VM is gone or their template stale. */
  readonly kept: readonly string[];
  /** Regular files in the place of a template that G has. */
  readonly overrides: readonly string[];
  /** Some template units go; some that G does not have stay, because VMs hold them. */
  readonly templatesGo: boolean;
  readonly templatesStay: boolean;
}

/** Whether an entry is the template's own file, not a directory of drop-ins or a link to it elsewhere. */
function isTemplateFile({ path, unit }: UnitFile): boolean {
  return path.endsWith(`/${unit}`) && !/\.(wants|requires|upholds)\/[^/]*$/.test(path);
}

/** The template files that go: links among them may lead to one another, so this runs to a fixpoint. */
function staleTemplates(
  host: DescribedHost,
  files: readonly UnitFile[],
  held: boolean,
): Set<string> {
  const { tree } = host;
  const gone = new Set<string>();
  const goes = (path: string) => gone.has(path);
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const file of files.filter(isTemplateFile)) {
      const isDangling = dangles(tree, file.path, goes);
      const isOthers = isLinkOutside(tree, file.path, goes);
      const isStale = !generationHas(host, file.unit) && !held && !isOthers;
      if (isDangling || isStale) gone.add(file.path);
    }
  }
  return gone;
}

/** What the design calls stale among the unit files, and what it names. */
export function staleFiles(host: DescribedHost, fates: ReadonlyMap<string, Fate>): StaleFiles {
  const { tree } = host;
  const files = unitFiles(host);
  const held = templatesHeld(host, fates);
  const templates = files.filter(({ owner }) => owner.kind === "template");
  const gone = staleTemplates(host, templates, held);
  const reports = host.data.policy.unitFiles === "report";
  // Where the policy removes no file, none dangles because of this run.
  const goes = (path: string) => !reports && gone.has(path);
  const mayGo = ({ owner, above }: UnitFile) =>
    [owner, above].every(
      (unit) => unit === undefined || !("name" in unit) || isSwept(host, fates, unit.name),
    );
  const isStale = (file: UnitFile): boolean => {
    const { owner, path, unit } = file;
    if ("name" in owner) return mayGo(file) && isOurs(tree, file, goes);
    if (isTemplateFile(file)) return gone.has(path);
    if (dangles(tree, path, goes)) return true;
    return !generationHas(host, unit) && !held && !isLinkOutside(tree, path, goes);
  };
  const stale = files.filter(isStale).map(({ path }) => path);
  // What is in a directory that goes whole goes with it.
  const tops = stale.filter((path) => !stale.includes(path.slice(0, path.lastIndexOf("/"))));
  const stays = files.filter(({ path }) => !stale.includes(path));
  const isNamed = (file: UnitFile) => "name" in file.owner && mayGo(file);
  const isOverride = (file: UnitFile) =>
    isTemplateFile(file) &&
    generationHas(host, file.unit) &&
    tree.lstat(file.path)?.kind === "file";
  const isTemplateUnit = (file: UnitFile) =>
    file.owner.kind === "template" && isTemplateFile(file) && file.unit.endsWith("@.service");
  const waits = stays.filter(
    (file) =>
      file.owner.kind === "template" &&
      !generationHas(host, file.unit) &&
      !isLinkOutside(tree, file.path, goes),
  );
  return {
    stale: tops,
    kept: stays.filter(isNamed).map(({ path }) => path),
    overrides: templates.filter(isOverride).map(({ path }) => path),
    templatesGo: files.some((file) => stale.includes(file.path) && isTemplateUnit(file)),
    templatesStay: held && waits.length > 0,
  };
}
