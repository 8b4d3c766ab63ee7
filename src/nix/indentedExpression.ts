/** The lines of an expression as the value of a binding inside `let`. It must hold no multi-line string. */
export function indentedExpression(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gmu, "    ");
}
