import { createSpinner } from "nanospinner";

/** A line on the terminal that moves while something is under way. */
export interface Progress {
  /** Writes beside the moving line. */
  write(chunk: Uint8Array): void;
  stop(): void;
}

const SHOW_CURSOR = "\u001b[?25h";

/**
 * Whether nanospinner draws: it looks at standard output and at CI, whatever stream it is given. On a
 * terminal that does not know its width it would count lines without end.
 */
function canMove(): boolean {
  return process.stdout.isTTY === true && process.stderr.columns > 0 && !("CI" in process.env);
}

/**
 * Shows `text` on standard error, which is a terminal, until it is stopped: moving where that can
 * be drawn. Leaves signals alone, as the one who waits for the work must handle them.
 */
export function startProgress(text: string): Progress {
  if (!canMove()) {
    process.stderr.write(`${text}\n`);
    return { write: (chunk) => process.stderr.write(chunk), stop: () => {} };
  }
  const spinner = createSpinner(text, { stream: process.stderr });
  spinner.spin();
  const timer = setInterval(() => spinner.spin(), 80);
  return {
    write(chunk) {
      spinner.clear();
      process.stderr.write(chunk);
    },
    stop() {
      clearInterval(timer);
      spinner.clear();
      process.stderr.write(SHOW_CURSOR);
    },
  };
}
