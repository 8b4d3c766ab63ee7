import { interfaceNamed } from "./interfaceNamed.ts";
import type { Model, ModelInterface, ModelProperty } from "./Model.ts";

/** The properties of an interface with those of its bases, bases first. */
export function allProperties(model: Model, of: ModelInterface): readonly ModelProperty[] {
  const inherited = of.bases.flatMap((base) => allProperties(model, interfaceNamed(model, base)));
  return [...inherited, ...of.properties];
}
