import { createHash } from "node:crypto";
import { invariant } from "../diagnostics/internalError.ts";
import { visible } from "../diagnostics/render.ts";
import { scripts, styles } from "../emit/assets.generated.js";
import { templates } from "../emit/templates.generated.js";
import type { Plan, PlannedFile, PlannedVm } from "../plan/model.ts";

type Verdict = PlannedVm["verdict"];

/** What each verdict means, those first that ask most of a reader. */
const VERDICTS: Readonly<Record<Verdict, string>> = {
  orphan: "this switch removes it",
  lingering: "removed earlier, and still runs",
  leftover: "removed earlier, and does not run",
  ghost: "only unit files have its name",
  unknown: "it runs, and nothing else is known of it",
  foreign: "its units are the administrator's",
  imperative: "made by hand",
  kept: "on the keep list",
  live: "declared",
};

const ORDER = Object.keys(VERDICTS) as readonly Verdict[];

/** A number of things, for a tile: `2`, `MicroVMs stop`. */
interface Figure {
  readonly count: number;
  readonly label: string;
  /** Whether something is wrong where the number is not 0. */
  readonly isAlarm: boolean;
}

/** How many MicroVMs have a verdict. `x` and `width` are its part of a bar of 100. */
interface VerdictCount {
  readonly verdict: Verdict;
  readonly count: number;
  readonly meaning: string;
  readonly x: number;
  readonly width: number;
}

/** A list in the card of a host. */
interface HostList {
  readonly title: string;
  readonly items: readonly string[];
  /** Whether the items are paths or names of units, not sentences. */
  readonly isCode: boolean;
  readonly isAlarm: boolean;
}

interface FileView {
  readonly path: string;
  readonly happens: PlannedFile["happens"];
  readonly reason: string;
}

/** The states of a host, those first that ask most of a reader. */
const STATES = ["errors", "changes", "incomplete", "clean"] as const;

type HostState = (typeof STATES)[number];

interface HostView {
  /** Part of the `id` of the card: a name may have characters that no `id` can have. */
  readonly number: number;
  readonly name: string;
  readonly generation: string;
  readonly release: string;
  readonly state: HostState;
  /** Whether the card is open at first: what is wrong must be seen. */
  readonly isOpen: boolean;
  /** What the run does, in one line. */
  readonly summary: string;
  readonly bar: readonly VerdictCount[];
  /** The bar in words. */
  readonly counts: string;
  readonly lists: readonly HostList[];
  /** Unit files that belong to no MicroVM in the table, such as templates. */
  readonly files: readonly FileView[];
}

interface VmView {
  readonly hostNumber: number;
  readonly host: string;
  readonly name: string;
  readonly verdict: Verdict;
  /** Place of the verdict in their order, to sort by. */
  readonly rank: number;
  readonly active: boolean;
  readonly evidence: string;
  readonly happens: string;
  readonly changes: boolean;
  readonly files: readonly FileView[];
  readonly filesTitle: string;
}

/** What `templates/report.html.hbs` may name. Handlebars escapes every text. */
interface ReportView {
  readonly policy: string;
  readonly style: string;
  readonly script: string;
  readonly title: string;
  readonly headline: string;
  readonly releases: string;
  readonly figures: readonly Figure[];
  readonly verdicts: readonly VerdictCount[];
  readonly hosts: readonly HostView[];
  readonly vms: readonly VmView[];
  /** Whether a browser would need a second to lay out all rows at once. */
  readonly isLong: boolean;
}

/** So many rows are laid out in a tenth of a second. */
const LONG = 500;

/**
 * Renders the plans of many hosts as one HTML file. It needs nothing from outside, and its policy
 * (Content Security Policy) allows nothing: only the style and the script of this release run in it.
 */
export function renderReport(plans: readonly Plan[]): string {
  const template = templates["report.html"];
  invariant(template !== undefined, "no template report.html");
  return template(reportView(plans));
}

function reportView(plans: readonly Plan[]): ReportView {
  const style = styles["report"] ?? "";
  const script = scripts["report"] ?? "";
  const byName = plans.map(shown).sort((a, b) => compareNames(a.host, b.host));
  const hosts = byName.map(hostView);
  const vms = byName.flatMap((plan, index) => vmViews(plan, index + 1));
  const releases = [...new Set(byName.map(({ release }) => release))].sort(compareNames);
  return {
    policy: `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`,
    style,
    script,
    title: `${number(hosts.length, "host")}, ${number(vms.length, "MicroVM")}`,
    headline: headline(byName),
    releases: releases.join(", "),
    figures: figures(byName),
    verdicts: verdictCounts(byName.flatMap((plan) => plan.vms)),
    hosts: hosts.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state)),
    vms: vms.sort((a, b) => a.rank - b.rank),
    isLong: vms.length > LONG,
  };
}

/** Makes every text of a plan visible: no name can turn the line or hide a part of itself. */
function shown(plan: Plan): Plan {
  return JSON.parse(JSON.stringify(plan), (_key, value) =>
    typeof value === "string" ? visible(value) : value,
  );
}

/** Orders names as a person would: `hyp-2` before `hyp-10`. */
function compareNames(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function number(count: number, thing: string): string {
  return `${count} ${noun(count, thing)}`;
}

function noun(count: number, thing: string): string {
  if (count === 1) return thing;
  return thing.endsWith("y") ? `${thing.slice(0, -1)}ies` : `${thing}s`;
}

function total(plans: readonly Plan[], list: (plan: Plan) => readonly unknown[]): number {
  return plans.reduce((sum, plan) => sum + list(plan).length, 0);
}

/** What a run changes on all hosts, in one sentence. */
function headline(plans: readonly Plan[]): string {
  const changed = plans.filter(isChanged).length;
  const all = number(plans.length, "host");
  if (changed === 0) return `The next run changes nothing on ${all}`;
  const stops = total(plans, ({ stop }) => stop);
  const vms = stops === 0 ? "no MicroVM" : number(stops, "MicroVM");
  return `The next run stops ${vms} and cleans up on ${changed === plans.length ? all : `${changed} of ${all}`}`;
}

/** What a run does on one host, in words that follow "the run". */
function summary({ stop, remove, reset, roots, state, reload }: Plan): string {
  const parts = [
    { verb: "stops", thing: "MicroVM", count: stop.length },
    { verb: "removes", thing: "unit file", count: remove.length },
    { verb: "resets", thing: "failed unit", count: reset.length },
    { verb: "removes", thing: "dangling root", count: roots.length },
    { verb: "moves or deletes", thing: "state directory", count: state.length },
  ]
    .filter(({ count }) => count > 0)
    .map(({ verb, thing, count }) => `${verb} ${number(count, thing)}`);
  if (parts.length > 0) return new Intl.ListFormat("en").format(parts);
  return reload ? "reloads systemd" : "changes nothing";
}

function figures(plans: readonly Plan[]): readonly Figure[] {
  const figure = (
    thing: string,
    happens: string,
    list: (plan: Plan) => readonly unknown[],
    isAlarm = false,
  ) => {
    const count = total(plans, list);
    return { count, label: `${noun(count, thing)} ${happens}`.trim(), isAlarm };
  };
  return [
    figure("MicroVM", "stopped", ({ stop }) => stop),
    figure("unit file", "removed", ({ remove }) => remove),
    figure("failed unit", "reset", ({ reset }) => reset),
    figure("dangling root", "removed", ({ roots }) => roots),
    figure("state directory", "moved or deleted", ({ state }) => state),
    figure("error", "", ({ errors }) => errors, true),
    figure("thing", "not seen", ({ unseen }) => unseen, true),
  ];
}

function verdictCounts(vms: readonly PlannedVm[]): readonly VerdictCount[] {
  let x = 0;
  return ORDER.flatMap((verdict) => {
    const count = vms.filter((vm) => vm.verdict === verdict).length;
    if (count === 0) return [];
    const width = (100 * count) / vms.length;
    x += width;
    return { verdict, count, meaning: VERDICTS[verdict], x: x - width, width };
  });
}

function hostView(plan: Plan, index: number): HostView {
  const { host, generation, release, stop, remove, reload, reset, roots, state } = plan;
  const bar = verdictCounts(plan.vms);
  const names = new Set(plan.vms.map(({ name }) => name));
  const list = (title: string, items: readonly string[], isCode = true) => ({
    title,
    items,
    isCode,
    isAlarm: false,
  });
  const lists = [
    { ...list("Errors", plan.errors, false), isAlarm: true },
    { ...list("Not seen", plan.unseen, false), isAlarm: true },
    list("Stops", stop),
    list("Removes unit files", remove),
    list("Reloads", reload ? ["systemd"] : []),
    list("Resets failed units", reset),
    list("Removes dangling roots", roots),
    list("Moves or deletes state", state),
    list("Leaves alone", plan.notes, false),
  ];
  return {
    number: index + 1,
    name: host,
    generation,
    release,
    state: hostState(plan),
    isOpen: plan.errors.length + plan.unseen.length > 0,
    summary: summary(plan),
    bar,
    counts: bar.map(({ count, verdict }) => `${count} ${verdict}`).join(", ") || "no MicroVM",
    lists: lists.filter(({ items }) => items.length > 0),
    files: plan.files.filter(({ vm }) => vm === null || !names.has(vm)).map(fileView),
  };
}

/** A host is clean only where everything was seen. */
function hostState(plan: Plan): HostState {
  if (plan.errors.length > 0) return "errors";
  if (isChanged(plan)) return "changes";
  return plan.unseen.length > 0 ? "incomplete" : "clean";
}

function isChanged({ stop, remove, reset, roots, state, reload }: Plan): boolean {
  return reload || [stop, remove, reset, roots, state].some(({ length }) => length > 0);
}

function fileView({ path, happens, reason }: PlannedFile): FileView {
  return { path, happens, reason };
}

function vmViews(plan: Plan, hostNumber: number): readonly VmView[] {
  const byName = [...plan.vms].sort((a, b) => compareNames(a.name, b.name));
  return byName.map(({ name, verdict, active, evidence, happens }) => {
    const files = plan.files.filter(({ vm }) => vm === name).map(fileView);
    return {
      hostNumber,
      host: plan.host,
      name,
      verdict,
      rank: ORDER.indexOf(verdict),
      active,
      evidence,
      happens,
      changes: changes(plan, name) || files.some((file) => file.happens === "remove"),
      files,
      filesTitle: number(files.length, "unit file"),
    };
  });
}

/** Whether a run stops the MicroVM, resets one of its units, or moves its state. */
function changes({ stop, reset, state }: Plan, name: string): boolean {
  return (
    stop.includes(name) ||
    reset.some((unit) => unit.includes(`@${name}.`)) ||
    state.some((path) => path.endsWith(`/${name}`))
  );
}
