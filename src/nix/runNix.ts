import { type ChildProcess, spawn } from "node:child_process";
import { Interruption, NixFailure, SIGNALS } from "./failures.ts";

/** How nix ended, and what it wrote to standard output. */
export interface NixResult {
  readonly succeeded: boolean;
  /** Exit status, or the signal that ended nix, in words. */
  readonly ending: string;
  readonly output: readonly Uint8Array[];
}

type Ending = { code: number | null; signal: NodeJS.Signals | null };

/** Words for some errors of execve(2). Others keep the words of the system. */
const REASONS: Readonly<Record<string, string>> = {
  E2BIG: "its command line is too long",
  EACCES: "permission denied",
};

function startFailure(error: Error): NixFailure {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return new NixFailure("missing", "nix cannot be run: not found on PATH");
  return new NixFailure("failed", `nix cannot be run: ${REASONS[code] ?? error.message}`);
}

/** Starts nix. `spawn` throws some errors and reports others as events, which `ended` handles. */
function start(args: readonly string[]) {
  try {
    return spawn("nix", args, { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw error instanceof Error ? startFailure(error) : error;
  }
}

function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(startFailure(error)));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

/** Forwards signals to the child until `stop`. The second signal kills it. */
function forwardSignals(child: ChildProcess) {
  let received: (typeof SIGNALS)[number] | undefined;
  const forward = (signal: (typeof SIGNALS)[number]) => {
    child.kill(received === undefined ? signal : "SIGKILL");
    received ??= signal;
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, forward);
  };
  return { stop, received: () => received };
}

/**
 * Runs nix. Passes what it writes to standard error to `onError`, unchanged and at once.
 *
 * @throws NixFailure where nix cannot be started; Interruption after SIGINT, SIGTERM or SIGHUP, when nix
 * has ended
 */
export async function runNix(
  args: readonly string[],
  onError: (chunk: Uint8Array) => void,
): Promise<NixResult> {
  const child = start(args);
  const output: Uint8Array[] = [];
  child.stdout.on("data", (chunk: Uint8Array) => output.push(chunk));
  child.stderr.on("data", onError);
  const signals = forwardSignals(child);
  const { code, signal } = await ended(child).finally(signals.stop);
  const received = signals.received();
  if (received !== undefined) throw new Interruption(received);
  return {
    succeeded: code === 0,
    ending: signal === null ? `exit status ${code}` : `ended by ${signal}`,
    output,
  };
}
