import type { Model, ModelInterface } from "./Model.ts";

/** The interface of that name. `readModel` has checked that every mentioned name exists. */
export function interfaceNamed(model: Model, name: string): ModelInterface {
  const found = model.interfaces.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`the model has no interface ${name}`);
  return found;
}
