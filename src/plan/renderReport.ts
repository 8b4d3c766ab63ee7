import { createHash } from "node:crypto";
import { invariant } from "../diagnostics/internalError.ts";
import { visible } from "../diagnostics/render.ts";
import { scripts, styles } from "../page/assets.generated.js";
import { templates } from "../page/templates.generated.js";
import type { Plan, PlannedFile, PlannedVm } from "./model.ts";

type Verdict = PlannedVm["verdict"];

/** What each verdict means, those first that ask most of a reader. */
const VERDICTS: Readonly<Record<Verdict, string>> = {
  orphan: "this switch removes it",
  lingering: "removed earlier, and still runs",
  leftover: "removed earlier, and does not run",
  ghost: "only unit files have its name",
  unknown: "it runs, and nothing else is known of it",
  foreign: "it has an alias or a mask",
  imperative: "made by hand",
  kept: "on the keep list",
  live: "declared",
};

const ORDER = Object.keys(VERDICTS) as readonly Verdict[];

/** A number of things, for a tile: `2`, `MicroVMs stop`. */
interface Figure {
  readonly count: number;
  readonly label: string;
  /** Whether something is wrong where the number is not 0. It then leads to what is wrong. */
  readonly isAlarm: boolean;
}

/** What a host reports as an error, or could not see. */
interface Problem {
  readonly hostNumber: number;
  readonly host: string;
  readonly text: string;
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
  /** When the plan was made, for a machine and for a person, and how long before the report. */
  readonly made: string;
  readonly madeText: string;
  readonly age: string;
  /** Whether much can have changed on the host since. */
  readonly isOld: boolean;
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
  readonly made: string;
  readonly madeText: string;
  /** The oldest plan, in words. */
  readonly oldest: string;
  readonly releases: string;
  readonly figures: readonly Figure[];
  readonly errors: readonly Problem[];
  readonly unseen: readonly Problem[];
  readonly hasProblems: boolean;
  readonly verdicts: readonly VerdictCount[];
  readonly hosts: readonly HostView[];
  readonly vms: readonly VmView[];
  /** Whether a browser would need a second to lay out all rows at once. */
  readonly isLong: boolean;
}

/** So many rows are laid out in a tenth of a second. */
const LONG = 500;

/** A plan older than this is marked: the host may have switched since. */
const OLD = 24 * 60 * 60 * 1000;

/**
 * Renders the plans of many hosts as one HTML file. It needs nothing from outside, and its policy
 * (Content Security Policy) allows nothing: only the style and the script of this release run in it.
 *
 * @param now the date of the report
 */
export function renderReport(plans: readonly Plan[], now: Date): string {
  const template = templates["report.html"];
  invariant(template !== undefined, "no template report.html");
  return template(reportView(plans, now));
}

function reportView(plans: readonly Plan[], now: Date): ReportView {
  const style = styles["report"] ?? "";
  const script = scripts["report"] ?? "";
  const byName = plans.map(shown).sort((a, b) => compareNames(a.host, b.host));
  const hosts = byName.map((plan, index) => hostView(plan, index, now));
  const vms = byName.flatMap((plan, index) => vmViews(plan, index + 1));
  const errors = problems(byName, (plan) => plan.errors);
  const unseen = problems(byName, (plan) => plan.unseen);
  const releases = [...new Set(byName.map(({ release }) => release))].sort(compareNames);
  return {
    policy: `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`,
    style,
    script,
    title: `${number(hosts.length, "host")}, ${number(vms.length, "MicroVM")}`,
    headline: headline(byName),
    made: `${now.toISOString().slice(0, 19)}Z`,
    madeText: dateText(now),
    oldest: oldest(byName, now),
    releases: releases.join(", "),
    figures: figures(byName),
    errors,
    unseen,
    hasProblems: errors.length + unseen.length > 0,
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
  return count === 1 ? thing : `${thing}s`;
}

function total(plans: readonly Plan[], list: (plan: Plan) => readonly unknown[]): number {
  return plans.reduce((sum, plan) => sum + list(plan).length, 0);
}

/** A date for a person: `2026-11-28 22:11 UTC`. */
function dateText(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** How long before the report a plan was made. The clocks of two machines may differ by a minute. */
function ageText({ made }: Plan, now: Date): string {
  const minutes = Math.round((now.getTime() - Date.parse(made)) / 60_000);
  if (minutes < -1) return "in the future: check the clocks";
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${number(minutes, "minute")} ago`;
  if (minutes < 48 * 60) return `${number(Math.floor(minutes / 60), "hour")} ago`;
  return `${number(Math.floor(minutes / (24 * 60)), "day")} ago`;
}

/** Names the plan that was made first. */
function oldest(plans: readonly Plan[], now: Date): string {
  const [first] = [...plans].sort((a, b) => Date.parse(a.made) - Date.parse(b.made));
  if (first === undefined) return "";
  const age = ageText(first, now);
  return plans.length === 1 ? `plan made ${age}` : `oldest plan ${age}, of ${first.host}`;
}

function problems(
  plans: readonly Plan[],
  list: (plan: Plan) => readonly string[],
): readonly Problem[] {
  return plans.flatMap((plan, index) =>
    list(plan).map((text) => ({ hostNumber: index + 1, host: plan.host, text })),
  );
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
function summary({ stop, remove, reset, reload }: Plan): string {
  const parts = [
    { verb: "stops", thing: "MicroVM", count: stop.length },
    { verb: "removes", thing: "unit file", count: remove.length },
    { verb: "resets", thing: "failed unit", count: reset.length },
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

function hostView(plan: Plan, index: number, now: Date): HostView {
  const { host, generation, release, made, stop, remove, reload, reset } = plan;
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
    list("Leaves alone", plan.notes, false),
  ];
  return {
    number: index + 1,
    name: host,
    generation,
    release,
    made,
    madeText: dateText(new Date(made)),
    age: ageText(plan, now),
    isOld: now.getTime() - Date.parse(made) > OLD,
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

function isChanged({ stop, remove, reset, reload }: Plan): boolean {
  return reload || [stop, remove, reset].some(({ length }) => length > 0);
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

/** Whether a run stops the MicroVM, or resets one of its units. */
function changes({ stop, reset }: Plan, name: string): boolean {
  return stop.includes(name) || reset.some((unit) => unit.includes(`@${name}.`));
}
