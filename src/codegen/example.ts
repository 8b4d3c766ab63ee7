import { allProperties } from "./model/allProperties.ts";
import { interfaceNamed } from "./model/interfaceNamed.ts";
import type { Model } from "./model/Model.ts";

/** A value of an interface, put together from the `@example` of every property. */
export function example(model: Model, name: string): Record<string, unknown> {
  const properties = allProperties(model, interfaceNamed(model, name));
  return Object.fromEntries(
    properties.map((property) => [
      property.name,
      property.type.kind === "record"
        ? { [String(property.example)]: example(model, property.type.of) }
        : property.example,
    ]),
  );
}
