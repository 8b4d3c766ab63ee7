import type { ErrorObject } from "ajv";
import { describeValue } from "../../diagnostics/describeValue.ts";
import { didYouMean } from "../../diagnostics/didYouMean.ts";
import { unknownValue } from "../../diagnostics/unknownValue.ts";
import type { Fault } from "../Fault.ts";
import { pointer } from "../text/pointer.ts";

type Translate = (error: ErrorObject) => Fault;

const additionalProperties: Translate = ({ instancePath, params, parentSchema }) => {
  const name = String(params["additionalProperty"]);
  return {
    code: "MS1102",
    pointer: instancePath + pointer([name]),
    at: "key",
    message: `the key ${describeValue(name)} is not known here`,
    hint: didYouMean(name, Object.keys(parentSchema?.["properties"] ?? {})),
  };
};

const type: Translate = ({ instancePath, params, data }) => ({
  code: "MS1104",
  pointer: instancePath,
  at: "value",
  message: `${[params["type"]].flat().join(" or ")} expected, ${describeValue(data)} found`,
  hint: "make the document again with nix eval",
});

const oneOf = (error: ErrorObject, allowed: readonly unknown[]): Fault => ({
  code: "MS1105",
  pointer: error.instancePath,
  at: "value",
  ...unknownValue(error.data, allowed),
});

const pattern: Translate = ({ instancePath, params, data, parentSchema }) => ({
  code: "MS1106",
  pointer: instancePath,
  at: "value",
  message: `${describeValue(data)} does not have the form ${params["pattern"]}`,
  hint: `it looks like ${describeValue([parentSchema?.["examples"]].flat()[0])}`,
});

const uniqueItems: Translate = ({ instancePath, params, data }) => ({
  code: "MS1107",
  pointer: `${instancePath}/${params["j"]}`,
  at: "value",
  message: `${describeValue(Array.isArray(data) ? data[params["i"]] : data)} stands twice in the list`,
  hint: "name each once",
  related: [
    { pointer: `${instancePath}/${params["i"]}`, at: "value", message: "the first one is here" },
  ],
});

/** How each keyword of the generated schema that can fail is told, `required` apart, to a person. */
export const FAULT_OF_KEYWORD: Readonly<Record<string, Translate>> = {
  additionalProperties,
  type,
  enum: (error) => oneOf(error, error.params["allowedValues"]),
  const: (error) => oneOf(error, [error.params["allowedValue"]]),
  pattern,
  uniqueItems,
};
