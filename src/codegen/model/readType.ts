import { Node, type TypeNode } from "ts-morph";
import type { PropertyType } from "./Model.ts";

/**
 * The type of a property as the model may have it, read from the syntax alone; undefined where the
 * generators have no rule for it.
 */
export function readType(node: TypeNode | undefined): PropertyType | undefined {
  if (node === undefined) return undefined;
  const text = node.getText();
  if (text === "boolean") return { kind: "boolean" };
  if (text === "string") return { kind: "text", nullable: false };
  if (text === "string[]") return { kind: "textList" };
  if (Node.isUnionTypeNode(node)) return readUnion(node.getTypeNodes());
  if (Node.isLiteralTypeNode(node)) return readUnion([node]) ?? readConstant(node.getLiteral());
  if (Node.isTypeReference(node)) return readRecord(node.getTypeName().getText(), node);
  return undefined;
}

function readUnion(members: readonly TypeNode[]): PropertyType | undefined {
  const texts = members.map((member) => member.getText());
  if (texts.join(" | ") === "string | null") return { kind: "text", nullable: true };
  const values = members.map(readTextLiteral).filter((value) => value !== undefined);
  return values.length === members.length ? { kind: "choice", values } : undefined;
}

function readTextLiteral(node: TypeNode): string | undefined {
  if (!Node.isLiteralTypeNode(node)) return undefined;
  const literal = node.getLiteral();
  return Node.isStringLiteral(literal) ? literal.getLiteralValue() : undefined;
}

function readConstant(literal: Node): PropertyType | undefined {
  if (!Node.isNumericLiteral(literal)) return undefined;
  return { kind: "constant", value: literal.getLiteralValue() };
}

function readRecord(name: string, node: TypeNode): PropertyType | undefined {
  if (name !== "Record" || !Node.isTypeReference(node)) return undefined;
  const [key, value] = node.getTypeArguments();
  if (key?.getText() !== "string" || !Node.isTypeReference(value)) return undefined;
  return { kind: "record", of: value.getText() };
}
