import type { ModelInterface } from "./Model.ts";

/**
 * Checks what interfaces say of each other: they mention only interfaces of the model, none leads
 * back to itself (its Nix text would have no end), and no property is defined twice on the way.
 */
export function checkReferences(
  interfaces: readonly ModelInterface[],
  report: (interfaceName: string, message: string) => void,
): void {
  const known = new Map(interfaces.map((of) => [of.name, of]));
  for (const of of interfaces) {
    const missing = mentioned(of).filter((name) => !known.has(name));
    for (const name of missing) report(of.name, `there is no interface ${name}`);
    if (leadsTo(known, of, of.name, new Set())) {
      report(of.name, "leads back to itself");
      continue;
    }
    const names = propertyNames(known, of);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    for (const name of twice) report(of.name, `property "${name}" is defined twice`);
  }
}

function mentioned({ bases, properties }: ModelInterface): readonly string[] {
  return [...bases, ...properties.flatMap(({ type }) => (type.kind === "record" ? type.of : []))];
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
  return mentioned(from).some(
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
