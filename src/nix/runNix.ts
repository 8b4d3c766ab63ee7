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

/** Waits for the end of the process; one that does not start is reported as missing. */
function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      const reason =
        "code" in error && error.code === "ENOENT" ? "not found on PATH" : error.message;
      reject(new NixFailure("missing", `nix cannot be run: ${reason}`));
    });
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
  const child = spawn("nix", args, { stdio: ["ignore", "pipe", "pipe"] });
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
