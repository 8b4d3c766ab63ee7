import { type ChildProcess, spawn } from "node:child_process";
import { posix } from "node:path";
import { EXIT, Failure, Interruption, SIGNALS } from "../diagnostics/failure.ts";
import { shellCommand } from "../page/quote.ts";
import { CONFIGURATIONS, documentExpression } from "./extractorExpressions.ts";

/** What to evaluate. */
export interface FlakeEvaluation {
  /** Flake reference without a fragment. */
  readonly flake: string;
  /** Where the flake has its configurations; the default is `nixosConfigurations`. */
  readonly attribute?: string | undefined;
  /** The only host to evaluate. Without it, every configuration of the flake is evaluated. */
  readonly host?: string | undefined;
  /** The page or the index that is about to be written, for the hint where nix misses it. */
  readonly page?: string | undefined;
  /** Options of the user for nix, such as `--impure` or `--override-input NAME REF`. */
  readonly options: readonly string[];
}

/** Needed where the nix.conf of the user does not enable these features. Harmless where it does. */
const FEATURES = ["--extra-experimental-features", "nix-command flakes"];

/**
 * Evaluates a flake with nix and returns the bytes of a usage document. Passes what nix writes to
 * standard error to `onError`, unchanged.
 *
 * @throws Failure, Interruption
 */
export async function evaluateFlake(
  { flake, attribute, host, page, options }: FlakeEvaluation,
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
  const error = Buffer.concat(said).toString("utf8");
  const isMissing = error.includes("does not provide attribute");
  const isHive = isMissing && attribute === undefined && (await hasHive(flake, options));
  const hint = isHive
    ? `its hosts are in a colmenaHive: add --attr ${HIVE}`
    : missingPageHint(error, page);
  throw nixFailure("MS3103", `nix could not evaluate ${flake} (${ending})`, hint);
}

const EVAL = [...FEATURES, "eval"];

/** Where a flake for colmena has its configurations. */
const HIVE = "colmenaHive.nodes";

async function hasHive(flake: string, options: readonly string[]): Promise<boolean> {
  const words = ["--json", `${flake}#${HIVE}`, "--apply", "nodes: true", ...options];
  return (await runNix([...EVAL, ...words], () => {})).succeeded;
}

/**
 * What to do where nix says that the page, which the configuration imports, does not exist: it sees only what
 * git tracks.
 *
 * @param page the page or the index that this run is about to write
 */
function missingPageHint(said: string, page: string | undefined): string | undefined {
  if (page === undefined) return undefined;
  const name = posix.normalize(page);
  const directory = posix.dirname(name);
  const own = [name, ...(directory === "." ? [] : [directory, `${directory}/default.nix`])];
  // Each Nix has words of its own: what is quoted in them is a path of the flake or of the store.
  const paths = said
    .split("\n")
    .filter((line) => /no such file|does not exist|not tracked by git/i.test(line))
    .flatMap((line) => [...line.matchAll(/['"]([^'"]+)['"]/g)].map(([, path = ""]) => path));
  if (!paths.some((path) => own.some((one) => path === one || path.endsWith(`/${one}`)))) {
    return undefined;
  }
  const word = shellCommand([name]);
  const make = directory === "." ? "" : `mkdir -p ${shellCommand([directory])} && `;
  return `the configuration imports the page before it is there, or git does not track it: ${make}{ [ -e ${word} ] || echo '{ }' > ${word}; } && git add ${word}`;
}

/** The first Nix with `nix eval --apply` and all builtins of the extractor. */
const OLDEST = { major: 2, minor: 8 };

/**
 * Refuses a Nix older than 2.8, because its own error would not say that it is too old. Accepts output
 * without a version, because Lix and others write other words.
 *
 * @throws Failure
 */
export async function requireNixVersion(): Promise<void> {
  const { output } = await runNix(["--version"], () => {});
  const text = Buffer.concat(output).toString("utf8").trim();
  const found = /(\d+)\.(\d+)\S*$/.exec(text);
  if (found === null) return;
  const [version, major, minor] = [found[0], Number(found[1]), Number(found[2])];
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw nixFailure(
    "MS3102",
    `Nix ${version} is too old: ${OLDEST.major}.${OLDEST.minor} or newer is needed`,
    "upgrade Nix, or evaluate with a newer one and give the result with --usage",
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

function startFailure(error: Error): Failure {
  const code = "code" in error ? String(error.code) : "";
  if (code !== "ENOENT") {
    return nixFailure("MS3103", `nix cannot be run: ${REASONS[code] ?? error.message}`);
  }
  return nixFailure(
    "MS3101",
    "nix cannot be run: not found on PATH",
    "install Nix, or evaluate elsewhere and give the result with --usage",
  );
}

/** Nix is missing, too old, or failed. Where it failed, it has written its own error to the user. */
function nixFailure(
  code: "MS3101" | "MS3102" | "MS3103",
  message: string,
  hint?: string | undefined,
): Failure {
  const diagnostic = { code, severity: "error", pointer: "", message } as const;
  return new Failure([hint === undefined ? diagnostic : { ...diagnostic, hint }], EXIT.command);
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
 * @throws Failure where nix cannot be started; Interruption after SIGINT, SIGTERM or SIGHUP, when nix
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
