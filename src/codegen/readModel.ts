import {
  type InterfaceDeclaration,
  Node,
  Project,
  type PropertySignature,
  type SourceFile,
  type TypeNode,
} from "ts-morph";
import {
  checkReferences,
  DocComment,
  type Model,
  ModelError,
  type ModelInterface,
  type ModelProblem,
  type ModelProperty,
  type PropertyType,
} from "./model.ts";

/** A model file to read. */
export interface ModelFile {
  /** Path from the root of the repository, for messages. */
  readonly path: string;
  readonly text: string;
  /**
   * Whether `extract.nix` makes values of the model out of a NixOS configuration. Then every property says
   * what reads it.
   */
  readonly isExtracted: boolean;
}

/**
 * Reads a model file.
 *
 * @throws ModelError with every mistake and its line
 */
export function readModel({ path, text, isExtracted }: ModelFile): Model {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const file = project.createSourceFile("/model.ts", text);
  const problems: ModelProblem[] = [];
  const report = (line: number, message: string) => {
    problems.push({ place: `${path}:${line}`, message });
  };
  for (const statement of file.getStatements()) {
    if (!Node.isInterfaceDeclaration(statement) || !statement.isExported()) {
      report(statement.getStartLineNumber(), "the model holds exported interfaces only");
    }
  }
  const nodes = file.getInterfaces();
  const interfaces = nodes.map((node) => readInterface(node, isExtracted, report));
  checkReferences(interfaces, (name, message) => {
    const node = nodes.find((candidate) => candidate.getName() === name);
    report(node?.getStartLineNumber() ?? 1, `${name}: ${message}`);
  });
  const [title = "", ...paragraphs] = headComment(file).split("\n\n");
  if (title === "") report(1, "the model has no comment at its head");
  if (problems.length > 0) throw new ModelError(problems);
  return { title, documentation: paragraphs.join("\n\n"), interfaces };
}

/** Returns the text of the first comment of the file, where it is not that of the first interface. */
function headComment(file: SourceFile): string {
  const comments = file.getStatements()[0]?.getLeadingCommentRanges() ?? [];
  const [head] = comments;
  if (head === undefined || comments.length < 2) return "";
  return head
    .getText()
    .replace(/^\/\*\*?/u, "")
    .replace(/\*\/$/u, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/u, "").trimEnd())
    .join("\n")
    .trim();
}

function readInterface(
  node: InterfaceDeclaration,
  isExtracted: boolean,
  report: (line: number, message: string) => void,
): ModelInterface {
  const name = node.getName();
  const comment = new DocComment(node.getJsDocs().at(-1)?.getInnerText() ?? "", [], (message) =>
    report(node.getStartLineNumber(), `${name}: ${message}`),
  );
  for (const member of node.getMembers()) {
    if (!Node.isPropertySignature(member)) {
      report(member.getStartLineNumber(), `${name}: ${member.getKindName()} is not supported`);
    }
  }
  const properties = node.getProperties().map((property) => {
    const line = property.getStartLineNumber();
    const what = `${name}, property "${property.getName()}"`;
    const reportHere = (message: string) => report(line, `${what}: ${message}`);
    return readProperty(property, isExtracted, reportHere);
  });
  return {
    name,
    documentation: comment.documentation,
    bases: node.getExtends().map((base) => base.getText()),
    properties,
  };
}

const PROPERTY_TAGS = ["sorted", "pattern", "example"];
const EXTRACTION_TAGS = ["option", "readBy"];

const SUPPORTED =
  "boolean, string, string | null, string[], string literals and their unions, a number literal, " +
  "Interface[], Record<string, Interface>";

/** Reads one property. One with mistakes comes back incomplete, and only serves to find more mistakes. */
function readProperty(
  node: PropertySignature,
  isExtracted: boolean,
  report: (message: string) => void,
): ModelProperty {
  const comment = new DocComment(
    node.getJsDocs().at(-1)?.getInnerText() ?? "",
    isExtracted ? [...EXTRACTION_TAGS, ...PROPERTY_TAGS] : PROPERTY_TAGS,
    report,
  );
  if (node.hasQuestionToken()) report("is optional, but every property of a model is required");
  const type = readType(node.getTypeNode());
  if (type === undefined) {
    report(`type ${node.getTypeNode()?.getText() ?? "(none)"} is not supported; use ${SUPPORTED}`);
  }
  checkTags(comment, type, report);
  if (isExtracted && !comment.has("readBy")) report("has no tag @readBy that says what uses it");
  return {
    name: node.getName(),
    documentation: comment.documentation,
    type: type ?? { kind: "boolean" },
    option: comment.text("option"),
    readBy: comment.text("readBy"),
    sorted: comment.has("sorted"),
    pattern: comment.text("pattern"),
    example: comment.json("example"),
  };
}

/** Reports tags that do not go with the type. */
function checkTags(
  comment: DocComment,
  type: PropertyType | undefined,
  report: (message: string) => void,
): void {
  if (comment.has("sorted") && type?.kind !== "textList") report("@sorted needs the type string[]");
  if (comment.has("pattern") && type?.kind !== "text") report("@pattern needs the type string");
  if (!comment.has("example") && type?.kind !== "list") report("has no tag @example");
}

/** Reads a type from its syntax. Returns `undefined` where the generators do not support it. */
function readType(node: TypeNode | undefined): PropertyType | undefined {
  if (node === undefined) return undefined;
  const text = node.getText();
  if (text === "boolean") return { kind: "boolean" };
  if (text === "string") return { kind: "text", nullable: false };
  if (text === "string[]") return { kind: "textList" };
  if (Node.isUnionTypeNode(node)) return readUnion(node.getTypeNodes());
  if (Node.isLiteralTypeNode(node)) return readUnion([node]) ?? readConstant(node.getLiteral());
  if (Node.isArrayTypeNode(node)) return readList(node.getElementTypeNode());
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

function readList(element: TypeNode): PropertyType | undefined {
  const isName = Node.isTypeReference(element) && element.getTypeArguments().length === 0;
  return isName ? { kind: "list", of: element.getText() } : undefined;
}

function readRecord(name: string, node: TypeNode): PropertyType | undefined {
  if (name !== "Record" || !Node.isTypeReference(node)) return undefined;
  const [key, value] = node.getTypeArguments();
  if (key?.getText() !== "string" || !Node.isTypeReference(value)) return undefined;
  return { kind: "record", of: value.getText() };
}
