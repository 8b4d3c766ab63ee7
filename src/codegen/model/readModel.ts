import { Node, Project, type SourceFile } from "ts-morph";
import { checkReferences } from "./checkReferences.ts";
import type { Model } from "./Model.ts";
import { ModelError, type ModelFault } from "./ModelError.ts";
import { readInterface } from "./readInterface.ts";

/**
 * Reads the model from the text of `src/usage/model.ts`.
 *
 * @param path how messages name the file
 * @throws ModelError with every fault and its line
 */
export function readModel(text: string, path: string): Model {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const file = project.createSourceFile("/model.ts", text);
  const faults: ModelFault[] = [];
  const report = (line: number, message: string) => {
    faults.push({ place: `${path}:${line}`, message });
  };
  for (const statement of file.getStatements()) {
    if (!Node.isInterfaceDeclaration(statement) || !statement.isExported()) {
      report(statement.getStartLineNumber(), "the model holds exported interfaces only");
    }
  }
  const nodes = file.getInterfaces();
  const interfaces = nodes.map((node) => readInterface(node, report));
  checkReferences(interfaces, (name, message) => {
    const node = nodes.find((candidate) => candidate.getName() === name);
    report(node?.getStartLineNumber() ?? 1, `${name}: ${message}`);
  });
  const documentation = readHead(file);
  if (documentation === "") report(1, "the model has no comment at its head");
  if (faults.length > 0) throw new ModelError(faults);
  return { documentation, interfaces };
}

/** The first comment of the file, which belongs to no interface. */
function readHead(file: SourceFile): string {
  const comment = file.getStatements()[0]?.getLeadingCommentRanges().at(0);
  const isHead = (file.getStatements()[0]?.getLeadingCommentRanges().length ?? 0) > 1;
  if (comment === undefined || !isHead) return "";
  return comment
    .getText()
    .replace(/^\/\*\*?/u, "")
    .replace(/\*\/$/u, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/u, "").trimEnd())
    .join("\n")
    .trim();
}
