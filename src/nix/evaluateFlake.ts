import { type ChildProcess, spawn } from "node:child_process";
import { CONFIGURATIONS, documentExpression } from "./extractorExpressions.ts";
import { Interruption, NixFailure, SIGNALS } from "./failures.ts";

/** What to evaluate. */
export interface FlakeEvaluation {
  /** Flake reference without a fragment. */
  readonly flake: string;
  /** Where the flake has its configurations; the default is `nixosConfigurations`. */
  readonly attribute?: string | undefined;
  /** The only host to evaluate. Without it, every configuration of the flake is evaluated. */
  readonly host?: string | undefined;
  /** Options of the user for nix, such as `--impure` or `--override-input NAME REF`. */
  readonly options: readonly string[];
}

/** Needed where the nix.conf of the user does not enable these features. Harmless where it does. */
const FEATURES = ["--extra-experimental-features", "nix-command flakes"];

/**
 * Evaluates a flake with nix and returns the bytes of a usage document. Passes what nix writes to
 * standard error to `onError`, unchanged.
 *
 * @throws NixFailure, Interruption
 */
export async function evaluateFlake(
  { flake, attribute, host, options }: FlakeEvaluation,
  onError: (chunk: Uint8Array) => void,
): Promise<Uint8Array> {
  await requireNixVersion();
  const said: Uint8Array[] = [];
  const target = `${flake}#${attribute ?? CONFIGURATIONS}`;
  const words = ["--json", target, "--apply", documentExpression({ host }), ...options];
  const { succeeded, ending, output } = await runNix([...EVAL, ...words], (chunk) => {
    said.push(chunk);
    onError(chunk);
  });
  if (succeeded) return Buffer.concat(output);
  const isMissing = Buffer.concat(said).includes("does not provide attribute");
  const isHive = isMissing && attribute === undefined && (await hasHive(flake, options));
  const hint = isHive ? `its hosts are in a colmenaHive: add --attr ${HIVE}` : undefined;
  throw new NixFailure("failed", `nix could not evaluate ${flake} (${ending})`, hint);
}

const EVAL = [...FEATURES, "eval"];

/** Where a flake for colmena has its configurations. */
const HIVE = "colmenaHive.nodes";

async function hasHive(flake: string, options: readonly string[]): Promise<boolean> {
  const words = ["--json", `${flake}#${HIVE}`, "--apply", "nodes: true", ...options];
  return (await runNix([...EVAL, ...words], () => {})).succeeded;
}

/** The first Nix with `nix eval --apply` and all builtins of the extractor. */
const OLDEST = { major: 2, minor: 8 };

/**
 * Refuses a Nix older than 2.8, because its own error would not say that it is too old. Accepts output
 * without a version, because Lix and others write other words.
 *
 * @throws NixFailure
 */
export async function requireNixVersion(): Promise<void> {
  const { output } = await runNix(["--version"], () => {});
  const text = Buffer.concat(output).toString("utf8").trim();
  const found = /(\d+)\.(\d+)\S*$/.exec(text);
  if (found === null) return;
  const [version, major, minor] = [found[0], Number(found[1]), Number(found[2])];
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new NixFailure(
    "too-old",
    `Nix ${version} is too old: ${OLDEST.major}.${OLDEST.minor} or newer is needed`,
  );
}

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

/** Forwards signals to the child that `to` names, until `stop`. The second signal kills it. */
function forwardSignals() {
  let child: ChildProcess | undefined;
  let received: (typeof SIGNALS)[number] | undefined;
  const forward = (signal: (typeof SIGNALS)[number]) => {
    child?.kill(received === undefined ? signal : "SIGKILL");
    received ??= signal;
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, forward);
  };
  const to = (started: ChildProcess) => {
    child = started;
  };
  return { to, stop, received: () => received };
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
  const output: Uint8Array[] = [];
  // Before nix starts: a signal that comes between would end this process alone.
  const signals = forwardSignals();
  const run = async () => {
    const child = start(args);
    signals.to(child);
    child.stdout.on("data", (chunk: Uint8Array) => output.push(chunk));
    child.stderr.on("data", onError);
    return ended(child);
  };
  const { code, signal } = await run().finally(signals.stop);
  const received = signals.received();
  if (received !== undefined) throw new Interruption(received);
  return {
    succeeded: code === 0,
    ending: signal === null ? `exit status ${code}` : `ended by ${signal}`,
    output,
  };
}
