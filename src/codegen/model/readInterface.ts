import type { InterfaceDeclaration } from "ts-morph";
import type { ModelInterface } from "./Model.ts";
import { readProperty } from "./readProperty.ts";
import { splitComment } from "./splitComment.ts";
import { Tags } from "./Tags.ts";

const TAGS = ["nixArgument", "nixLet", "nixConfig"];

/** One interface of the model; `report` gets every fault with its line. */
export function readInterface(
  node: InterfaceDeclaration,
  report: (line: number, message: string) => void,
): ModelInterface {
  const name = node.getName();
  const say = (message: string) => report(node.getStartLineNumber(), `${name}: ${message}`);
  const { documentation, tags } = splitComment(node.getJsDocs().at(-1)?.getInnerText() ?? "");
  if (documentation === "") say("has no doc comment that says what it is");
  const known = new Tags(tags, TAGS, say);
  const nixConfig = known.text("nixConfig");
  for (const member of node.getMembers()) {
    if (!node.getProperties().some((property) => property === member)) {
      report(member.getStartLineNumber(), `${name}: ${member.getKindName()} is not supported`);
    }
  }
  const properties = node.getProperties().map((property) => {
    const line = property.getStartLineNumber();
    return readProperty(property, nixConfig, (message) => report(line, `${name}, ${message}`));
  });
  return {
    name,
    documentation,
    bases: node.getExtends().map((base) => base.getText()),
    properties,
    nixArgument: known.text("nixArgument"),
    nixLet: known.all("nixLet"),
  };
}
