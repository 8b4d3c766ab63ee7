/** The content of a model file as plain data. Every generator reads this. */
export interface Model {
  /** First paragraph of the comment at the head of the file. */
  readonly title: string;
  /** The other paragraphs of that comment, as Markdown. */
  readonly documentation: string;
  readonly interfaces: readonly ModelInterface[];
}

/** One exported interface. */
export interface ModelInterface {
  readonly name: string;
  readonly documentation: string;
  /** Names of the interfaces it extends, in their order. */
  readonly bases: readonly string[];
  /** Its own properties, in their order. `allProperties` adds those of the bases. */
  readonly properties: readonly ModelProperty[];
}

/** One property of an interface. */
export interface ModelProperty {
  readonly name: string;
  readonly documentation: string;
  readonly type: PropertyType;
  /** `@option`: the option of NixOS that it comes from. Only in an extracted model. */
  readonly option: string | undefined;
  /** `@readBy`: what uses the value. Only in an extracted model, where nothing unused is extracted. */
  readonly readBy: string | undefined;
  /** `@sorted`: the list is sorted and has no duplicates. */
  readonly sorted: boolean;
  /** `@pattern`: a regular expression (ECMA 262, flag `u`) that the text matches. */
  readonly pattern: string | undefined;
  /** `@example`: a value, or one key of a record. A list of interfaces needs none. */
  readonly example: unknown;
}

/** The types that a property may have. `of` names an interface. */
export type PropertyType =
  | { readonly kind: "boolean" }
  | { readonly kind: "text"; readonly nullable: boolean }
  | { readonly kind: "textList" }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "list"; readonly of: string }
  | { readonly kind: "record"; readonly of: string };

/** A mistake in a model file. */
export interface ModelProblem {
  /** `file:line`, which editors and terminals turn into a link. */
  readonly place: string;
  readonly message: string;
}

/** Reports all mistakes of a model file at once. */
export class ModelError extends Error {
  readonly problems: readonly ModelProblem[];

  constructor(problems: readonly ModelProblem[]) {
    super(problems.map(({ place, message }) => `${place}: ${message}`).join("\n"));
    this.name = "ModelError";
    this.problems = problems;
  }
}

/** Returns the interface of that name. `readModel` has checked that every name has one. */
export function interfaceNamed(model: Model, name: string): ModelInterface {
  const found = model.interfaces.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`the model has no interface ${name}`);
  return found;
}

/** Returns the properties of an interface with those of its bases, bases first. */
export function allProperties(model: Model, of: ModelInterface): readonly ModelProperty[] {
  const inherited = of.bases.flatMap((base) => allProperties(model, interfaceNamed(model, base)));
  return [...inherited, ...of.properties];
}

/** Builds a value of an interface from the `@example` of every property. */
export function example(model: Model, name: string): Record<string, unknown> {
  const properties = allProperties(model, interfaceNamed(model, name));
  return Object.fromEntries(properties.map((property) => [property.name, value(model, property)]));
}

function value(model: Model, { type, example: given }: ModelProperty): unknown {
  if (type.kind === "record") return { [String(given)]: example(model, type.of) };
  if (type.kind === "list") return [example(model, type.of)];
  return given;
}

/**
 * Checks how interfaces refer to each other: each name exists, no interface contains itself, and no property is defined twice.
 */
export function checkReferences(
  interfaces: readonly ModelInterface[],
  report: (interfaceName: string, message: string) => void,
): void {
  const known = new Map(interfaces.map((of) => [of.name, of]));
  for (const of of interfaces) {
    const missing = referencesOf(of).filter((name) => !known.has(name));
    for (const name of missing) report(of.name, `there is no interface ${name}`);
    if (leadsTo(known, of, of.name, new Set())) {
      report(of.name, "contains itself");
      continue;
    }
    const names = propertyNames(known, of);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    for (const name of twice) report(of.name, `property "${name}" is defined twice`);
  }
}

function referencesOf({ bases, properties }: ModelInterface): readonly string[] {
  return [...bases, ...properties.flatMap(({ type }) => ("of" in type ? type.of : []))];
}

type Interfaces = ReadonlyMap<string, ModelInterface>;

function leadsTo(
  known: Interfaces,
  from: ModelInterface | undefined,
  goal: string,
  seen: Set<string>,
): boolean {
  if (from === undefined || seen.has(from.name)) return false;
  seen.add(from.name);
  return referencesOf(from).some(
    (name) => name === goal || leadsTo(known, known.get(name), goal, seen),
  );
}

function propertyNames(
  known: Interfaces,
  of: ModelInterface | undefined,
  path: readonly string[] = [],
): readonly string[] {
  if (of === undefined || path.includes(of.name)) return [];
  return [
    ...of.bases.flatMap((base) => propertyNames(known, known.get(base), [...path, of.name])),
    ...of.properties.map(({ name }) => name),
  ];
}

/** One tag of a doc comment: its name without the at sign, and the lines of its value. */
interface CommentTag {
  readonly name: string;
  readonly lines: readonly string[];
}

const TAG = /^@(?<name>\w+)(?:\s+(?<value>.*))?$/u;

/**
 * A doc comment of a model file: prose first, then tags. A tag begins at the start of a line. The lines
 * after it belong to it and keep their indentation relative to the first of them.
 */
export class DocComment {
  readonly documentation: string;
  readonly #tags: readonly CommentTag[];
  readonly #report: (message: string) => void;

  /**
   * Reports a comment without prose, and a tag that is not in `knownTags`, so that a misspelt tag does
   * not pass for a missing one.
   *
   * @param text the inner text of the comment
   */
  constructor(text: string, knownTags: readonly string[], report: (message: string) => void) {
    const prose: string[] = [];
    const tags: { name: string; lines: string[] }[] = [];
    for (const line of text.split("\n")) {
      const { name, value } = TAG.exec(line)?.groups ?? {};
      if (name !== undefined) tags.push({ name, lines: value ? [value.trimEnd()] : [] });
      else (tags.at(-1)?.lines ?? prose).push(line.trimEnd());
    }
    this.documentation = prose.join("\n").trim();
    this.#tags = tags.map(({ name, lines }) => ({ name, lines: outdent(lines) }));
    this.#report = report;
    if (this.documentation === "") report("has no doc comment that says what it is");
    for (const { name } of tags) {
      if (knownTags.includes(name)) continue;
      const known = knownTags.map((tag) => `@${tag}`).join(", ");
      report(`unknown tag @${name}; known here: ${known === "" ? "none" : known}`);
    }
  }

  has(name: string): boolean {
    return this.#tags.some((tag) => tag.name === name);
  }

  /** Returns the lines of the value of a tag, or `undefined` where the tag is missing. */
  lines(name: string): readonly string[] | undefined {
    const [first, second] = this.#tags.filter((tag) => tag.name === name);
    if (second !== undefined) this.#report(`tag @${name} is given twice`);
    if (first?.lines.length === 0) this.#report(`tag @${name} has no value`);
    return first?.lines;
  }

  text(name: string): string | undefined {
    return this.lines(name)?.join("\n");
  }

  /** Returns the value of a tag that holds JSON, or `undefined` where the tag is missing. */
  json(name: string): unknown {
    const text = this.text(name);
    if (text === undefined || text === "") return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      this.#report(`the value of @${name} is not JSON: ${text}`);
      return undefined;
    }
  }
}

function outdent(lines: readonly string[]): readonly string[] {
  const filled = lines.filter((line) => line !== "");
  const margin = Math.min(...filled.map((line) => line.length - line.trimStart().length));
  return filled.map((line) => line.slice(margin));
}
