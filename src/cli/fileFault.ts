import { CliFailure } from "./CliFailure.ts";
import { EXIT } from "./exitCode.ts";

/** What the errors that users meet mean; others keep the words of the system. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  ELOOP: "symbolic links lead in a circle",
  EISDIR: "it is a directory",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on the device",
  ENOTDIR: "a part of its path is not a directory",
  EROFS: "the file system is read-only",
};

/**
 * The failure for a file that cannot be read (`MS3002`) or written (`MS3003`). An error that does
 * not come from the system is not the user's fault: it is thrown on.
 */
export function fileFault(code: "MS3002" | "MS3003", file: string, error: unknown): CliFailure {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
  const verb = code === "MS3002" ? "read" : "written";
  const message = `cannot be ${verb}: ${REASONS[error.code] ?? error.message}`;
  return new CliFailure([{ code, severity: "error", file, pointer: "", message }], EXIT.input);
}
