import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { renderDiagnostics, renderDiagnosticsJson, visible } from "../../diagnostics/render.ts";
import type { MessageSettings } from "./MessageSettings.ts";
import type { Messages } from "./Messages.ts";
import { startProgress } from "./startProgress.ts";

function toStderr(text: string | Uint8Array): void {
  process.stderr.write(text);
}

/**
 * What to show of the faults. Under quiet a warning is left out; where warnings count as errors
 * there are none left by now.
 */
function shown(diagnostics: readonly Diagnostic[], quiet: boolean): readonly Diagnostic[] {
  return quiet ? diagnostics.filter(({ severity }) => severity === "error") : diagnostics;
}

/** The messages of one run, in the way that its command line asks for. */
export function createMessages(settings: MessageSettings): Messages {
  return {
    note(text) {
      if (!settings.quiet) toStderr(`${visible(text)}\n`);
    },
    report(diagnostics) {
      const visible = shown(diagnostics, settings.quiet);
      if (visible.length === 0) return;
      const { color } = settings;
      toStderr(
        settings.format === "json"
          ? renderDiagnosticsJson(visible)
          : renderDiagnostics(visible, { color }),
      );
    },
    async during(text, work) {
      if (settings.quiet) return held(work);
      if (!settings.progress) return work(toStderr);
      const progress = startProgress(text);
      return work(progress.write).finally(progress.stop);
    },
  };
}

/** Keeps what an outside command says to itself unless the work fails. */
async function held<T>(work: (pass: (chunk: Uint8Array) => void) => Promise<T>): Promise<T> {
  const chunks: Uint8Array[] = [];
  try {
    return await work((chunk) => chunks.push(chunk));
  } catch (error) {
    for (const chunk of chunks) toStderr(chunk);
    throw error;
  }
}
