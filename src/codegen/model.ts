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
  /** `@nixArgument`: the argument of its Nix function, if it has one of its own. */
  readonly nixArgument: string | undefined;
  /** `@nixLet`: bindings that its Nix expressions use, as Nix text with the semicolon. */
  readonly nixLet: readonly string[];
}

/** One property of an interface. */
export interface ModelProperty {
  readonly name: string;
  readonly documentation: string;
  readonly type: PropertyType;
  readonly source: PropertySource;
  /** `@readBy`: what uses the value. Only in an extracted model, where nothing unused is extracted. */
  readonly readBy: string | undefined;
  /** `@sorted`: the list is sorted and has no duplicates. */
  readonly sorted: boolean;
  /** `@pattern`: a regular expression (ECMA 262, flag `u`) that the text matches. */
  readonly pattern: string | undefined;
  /** `@nixErrorContext`: what Nix adds to an error; may use `${name}`, the key of the record. */
  readonly nixErrorContext: string | undefined;
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

/**
 * Where the extractor finds a value: an option of the attribute set that `@nixConfig` names, with a
 * fallback for configurations that lack it (`@option`, `@default`), or a Nix expression (`@nix`). `none`:
 * the type allows only one value, or the model is not extracted.
 */
export type PropertySource =
  | {
      readonly kind: "option";
      readonly set: string;
      readonly path: string;
      readonly fallback: unknown;
    }
  | { readonly kind: "expression"; readonly lines: readonly string[] }
  | { readonly kind: "none" };

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
 * Checks how interfaces refer to each other: each name exists, no interface contains itself (its Nix
 * text would have no end), and no property is defined twice.
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
