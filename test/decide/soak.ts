// Compares the program and the oracle on many generated hosts: `npm run test:soak`.
// HOSTS is how many (100,000), SEED where the search starts.
import { fork } from "node:child_process";
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { Sandbox } from "../sandbox/run.ts";
import { searchHosts } from "./search.ts";

const HOSTS = Number(process.env["HOSTS"] ?? 100_000);
const SEED = Number(process.env["SEED"] ?? randomInt(2 ** 31));
/** Hosts that are searched together, with a seed of their own. */
const SHARE = 100;

/** A worker searches the shares that the parent asks for. */
function work(): void {
  const sandbox = new Sandbox();
  process.on("message", async ({ runs, seed }: { runs: number; seed: number }) => {
    const found = await searchHosts(sandbox, runs, seed);
    // The parent has gone where another worker found something: then nobody is to be told.
    process.send?.({ runs, found }, () => {});
  });
  process.on("disconnect", async () => {
    await sandbox.close();
    process.exit();
  });
}

function progress(done: number, began: number): void {
  const rate = done / ((Date.now() - began) / 1000);
  const minutes = Math.ceil((HOSTS - done) / rate / 60);
  const text = `${done} of ${HOSTS} hosts, ${rate.toFixed(1)} a second, ${minutes} min left`;
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K`);
  else if (done % (SHARE * 10) === 0) process.stderr.write(`${text}\n`);
}

function lead(): void {
  const began = Date.now();
  let asked = 0;
  let done = 0;
  process.stderr.write(`seed ${SEED}\n`);
  const workers = Array.from({ length: availableParallelism() }, () =>
    fork(import.meta.filename, ["worker"]),
  );
  const end = (status: number) => {
    for (const worker of workers) worker.disconnect();
    process.exitCode = status;
  };
  for (const worker of workers) {
    const ask = () => {
      const runs = Math.min(SHARE, HOSTS - asked);
      if (runs <= 0) return;
      worker.send({ runs, seed: SEED + asked });
      asked += runs;
    };
    worker.on("message", ({ runs, found }: { runs: number; found?: string }) => {
      done += runs;
      progress(done, began);
      if (found !== undefined) process.stdout.write(`\n${found}\n`);
      if (found !== undefined || done === HOSTS) end(found === undefined ? 0 : 1);
      else ask();
    });
    ask();
  }
}

if (process.argv[2] === "worker") work();
else lead();
