/** Whether a text can stand in a file, a path and a process argument: it has no NUL and is UTF-8. */
export function isFileText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
