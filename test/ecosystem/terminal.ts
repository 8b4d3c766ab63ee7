import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PROGRAM } from "../cli/support/runCli.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const SCENE = join(root, "test/docs/scene.bash");
const SHARE = join(root, "share");

/** The prompt by which the test sees that the shell waits. */
const PROMPT = "READY:";

/** How each shell starts as a user has it whose package brings the completion of both programs. */
const SHELLS = {
  bash: {
    words: "bash --rcfile rc -i",
    rc: `PS1='${PROMPT}'
[[ ! -r /usr/share/bash-completion/bash_completion ]] || source /usr/share/bash-completion/bash_completion
source ${SHARE}/microvm-sweep/bash-completion/completions/microvm-sweep
source ${SHARE}/sweep-microvms/bash-completion/completions/sweep-microvms
bind 'set bell-style none'`,
  },
  zsh: {
    words: "env ZDOTDIR=. zsh -d -i",
    rc: `PS1='${PROMPT}'
fpath=(${SHARE}/{microvm-sweep,sweep-microvms}/zsh/site-functions $fpath)
autoload -U compinit && compinit -u -D
unsetopt beep prompt_sp`,
  },
  fish: {
    words: "env HOME=$PWD fish --no-config -C 'source rc'",
    rc: `function fish_prompt; echo -n ${PROMPT}; end
source ${SHARE}/microvm-sweep/fish/vendor_completions.d/microvm-sweep.fish
source ${SHARE}/sweep-microvms/fish/vendor_completions.d/sweep-microvms.fish`,
  },
} as const;

export type Shell = keyof typeof SHELLS;

/** What a typed line came to: the words that the program was run with, and what the terminal showed. */
export interface Typed {
  readonly words: readonly string[];
  readonly screen: string;
}

/**
 * Types a line at a shell in a terminal, `\t` for Tab, and runs it. The program on PATH answers `complete`,
 * and keeps the words of any other call. `sweep-microvms` does so on the host of the documentation.
 */
export async function type(shell: Shell, line: string, directory: string): Promise<Typed> {
  const bin = join(directory, ".bin");
  const kept = join(directory, ".words");
  const answered = join(directory, ".answered");
  mkdirSync(bin, { recursive: true });
  for (const file of [kept, answered]) writeFileSync(file, "");
  const { words, rc } = SHELLS[shell];
  for (const file of ["rc", ".zshrc"]) writeFileSync(join(directory, file), `${rc}\n`);
  const program = (name: string, run: string) => {
    const keep = `[[ $1 == complete ]] || { printf '%s\\0' "$@" > '${kept}'; exit; }`;
    const lines = ["#!/bin/bash", keep, run, `printf x >> '${answered}'`];
    writeFileSync(join(bin, name), `${lines.join("\n")}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program("microvm-sweep", `'${process.execPath}' '${PROGRAM}' "$@"`);
  program(
    "sweep-microvms",
    `unshare --mount --propagation private bash '${SCENE}' '${root}/templates/microvm-sweep' year "$@"`,
  );
  const screen = await session(words, line, directory, bin, () => statSync(answered).size);
  return { words: readFileSync(kept, "utf8").split("\0").slice(0, -1), screen };
}

/** How long a shell may take to show what it got, in milliseconds. */
const QUIET = 200;

/** @param answers how often the program has answered `complete` */
function session(
  words: string,
  line: string,
  cwd: string,
  bin: string,
  answers: () => number,
): Promise<string> {
  const { PATH, HOME } = process.env;
  const env = { PATH: `${bin}:${PATH}`, HOME, TERM: "xterm", LANG: "C.UTF-8" };
  const command = `stty cols 100 rows 40; exec ${words}`;
  const child = spawn("script", ["--quiet", "--flush", "--command", command, "/dev/null"], {
    cwd,
    env,
    stdio: ["pipe", "pipe", "inherit"],
    timeout: 60_000,
  });
  let screen = "";
  let isTyped = false;
  let last = performance.now();
  /** Types as a user does, who waits after a Tab for what it brings: fish drops keys that come before. */
  const typeLine = async () => {
    for (const part of line.split(/(?<=\t)/)) {
      const before = answers();
      child.stdin.write(part);
      if (!part.endsWith("\t")) continue;
      // Some Tabs ask nobody: the shell chooses from its own list.
      const end = performance.now() + 5000;
      while (answers() === before && performance.now() < end) await setTimeout(20);
      last = performance.now();
      while (performance.now() - last < QUIET) await setTimeout(20);
    }
    // A shell reads one key after the other: the second line waits until the first has ended.
    child.stdin.write("\rexit\r");
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    last = performance.now();
    if (isTyped || !screen.includes(PROMPT)) return;
    isTyped = true;
    void typeLine();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(screen));
  });
}
