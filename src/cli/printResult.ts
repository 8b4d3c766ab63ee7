import { fileFault } from "./fileFault.ts";

/**
 * Prints a result to standard output and waits until it is out. A reader that has gone away, as in
 * `| head`, has what it wants: that is no fault.
 *
 * @throws CliFailure (`MS3003`)
 */
export async function printResult(text: string): Promise<void> {
  const error = await new Promise<Error | null | undefined>((resolve) => {
    process.stdout.once("error", resolve);
    process.stdout.write(text, resolve);
  });
  if (error === null || error === undefined) return;
  if ("code" in error && error.code === "EPIPE") return;
  throw fileFault("MS3003", "standard output", error);
}
