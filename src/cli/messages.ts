import { type Diagnostic, isError } from "../diagnostics/diagnostic.ts";
import { EXIT, Failure } from "../diagnostics/failure.ts";
import { renderDiagnostics, renderDiagnosticsJson, visible } from "../diagnostics/render.ts";

/** How the program talks to its user: the message options, and what the terminal can show. */
interface MessageSettings {
  readonly quiet: boolean;
  readonly json: boolean;
  readonly warningsAsErrors: boolean;
  /** Whether standard error may be coloured. */
  readonly color: boolean;
  /** Whether progress can be drawn: standard error is a terminal, and nobody asked for quiet. */
  readonly progress: boolean;
}

/** Passes on what an outside command says, unchanged. */
export type PassOn = (chunk: Uint8Array) => void;

/** The message options as yargs has read them, also on a command line that it refuses. */
function settingsOf(args: Readonly<Record<string, unknown>>): MessageSettings {
  const quiet = args["quiet"] === true;
  const terminal = process.stderr.isTTY === true && process.env["TERM"] !== "dumb";
  return {
    quiet,
    json: args["diagnostics"] === "json",
    warningsAsErrors: args["warnings-as-errors"] === true,
    color: terminal && (process.env["NO_COLOR"] ?? "") === "",
    progress: terminal && !quiet,
  };
}

function toStderr(text: string | Uint8Array): void {
  process.stderr.write(text);
}

/** What one run says to its user, all of it on standard error. */
export class Messages {
  readonly #settings: MessageSettings;

  /** @param args the command line after yargs */
  constructor(args: Readonly<Record<string, unknown>>) {
    this.#settings = settingsOf(args);
  }

  /** Whether text for a terminal may be coloured. */
  get color(): boolean {
    return this.#settings.color;
  }

  /** Prints something that is no error; silent under `--quiet`. */
  note(text: string): void {
    if (!this.#settings.quiet) toStderr(`${visible(text)}\n`);
  }

  /** Prints errors and warnings together; under `--quiet` only errors. */
  report(diagnostics: readonly Diagnostic[]): void {
    const { quiet, json, color } = this.#settings;
    const shown = quiet ? diagnostics.filter(isError) : diagnostics;
    if (shown.length === 0) return;
    toStderr(json ? renderDiagnosticsJson(shown) : renderDiagnostics(shown, { color }));
  }

  /**
   * Prints warnings, and ends the run where there is an error. With `--warnings-as-errors` every warning
   * is one.
   *
   * @throws Failure
   */
  requireNoErrors(diagnostics: readonly Diagnostic[]): void {
    const judged = this.judge(diagnostics);
    if (judged.some(isError)) {
      throw new Failure(judged, EXIT.input);
    }
    this.report(judged);
  }

  /** The diagnostics as the user wants them: with `--warnings-as-errors` every warning is an error. */
  judge(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
    if (!this.#settings.warningsAsErrors) return diagnostics;
    return diagnostics.map((diagnostic) => ({ ...diagnostic, severity: "error" as const }));
  }

  /** Counts on a terminal, such as the hosts that have been read. Elsewhere it prints nothing. */
  count(what: string): { readonly add: () => void; readonly stop: () => void } {
    if (!this.#settings.progress) return { add: () => {}, stop: () => {} };
    let [count, drawn] = [0, performance.now()];
    return {
      add() {
        count += 1;
        const now = performance.now();
        if (now - drawn < COUNT_INTERVAL) return;
        drawn = now;
        toStderr(`${CLEAR_LINE}${count} ${what}`);
      },
      stop() {
        if (count > 0) toStderr(CLEAR_LINE);
      },
    };
  }

  /** Runs work that takes a while, and shows `text` meanwhile. */
  async during<T>(text: string, work: (passOn: PassOn) => Promise<T>): Promise<T> {
    const { quiet, progress } = this.#settings;
    if (quiet) return printOnlyOnFailure(work);
    if (!progress) return work(toStderr);
    const { write, stop } = startProgress(text);
    return work(write).finally(stop);
  }
}

/** How often a count is drawn, in milliseconds. */
const COUNT_INTERVAL = 100;
const CLEAR_LINE = "\r\u001b[K";

/** Keeps back what an outside command says unless the work fails. */
async function printOnlyOnFailure<T>(work: (passOn: PassOn) => Promise<T>): Promise<T> {
  const chunks: Uint8Array[] = [];
  try {
    return await work((chunk) => chunks.push(chunk));
  } catch (error) {
    chunks.forEach(toStderr);
    throw error;
  }
}

const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
/** How often the line moves, in milliseconds. */
const FRAME_INTERVAL = 80;

/**
 * Shows `text` on standard error, a terminal, until it is stopped; as a moving line where the terminal knows
 * its width. Leaves signals alone: who waits for the work handles them.
 */
function startProgress(text: string): { readonly write: PassOn; readonly stop: () => void } {
  const { columns = 0 } = process.stderr;
  if (columns === 0) {
    toStderr(`${text}\n`);
    return { write: toStderr, stop: () => {} };
  }
  let frame = 0;
  const draw = () => {
    toStderr(`${CLEAR_LINE}${`${FRAMES[frame]} ${visible(text)}`.slice(0, columns - 1)}`);
    frame = (frame + 1) % FRAMES.length;
  };
  draw();
  const timer = setInterval(draw, FRAME_INTERVAL);
  return {
    write(chunk) {
      toStderr(CLEAR_LINE);
      toStderr(chunk);
    },
    stop() {
      clearInterval(timer);
      toStderr(CLEAR_LINE);
    },
  };
}
