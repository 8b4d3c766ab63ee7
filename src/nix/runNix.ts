import { type ChildProcess, spawn } from "node:child_process";
import { Interruption, SIGNALS } from "./Interruption.ts";
import { NixFailure } from "./NixFailure.ts";

/** How nix ended, and what it wrote to standard output. */
export interface NixResult {
  readonly succeeded: boolean;
  /** Its exit status or the signal that ended it, in words. */
  readonly ending: string;
  readonly output: readonly Uint8Array[];
}

type Ending = { code: number | null; signal: NodeJS.Signals | null };

/** What the errors of execve(2) that users meet mean; others keep the words of the system. */
const REASONS: Readonly<Record<string, string>> = {
  E2BIG: "its command line is too long",
  EACCES: "permission denied",
};

/** The failure for a nix that does not start. */
function startFailure(error: Error): NixFailure {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return new NixFailure("missing", "nix cannot be run: not found on PATH");
  return new NixFailure("failed", `nix cannot be run: ${REASONS[code] ?? error.message}`);
}

/** Some errors of a start are thrown, others come as events. */
function start(args: readonly string[]) {
  try {
    return spawn("nix", args, { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw error instanceof Error ? startFailure(error) : error;
  }
}

/** Waits for the end of the process. */
function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(startFailure(error)));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

/** Hands signals on to the child until `stop`; who asks a second time does not want to wait. */
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
 * Runs nix, and hands what it writes to standard error to `onError` as it comes, unchanged.
 *
 * @throws NixFailure where nix cannot be started, and {@link Interruption} after SIGINT, SIGTERM or
 * SIGHUP, once nix has ended.
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
