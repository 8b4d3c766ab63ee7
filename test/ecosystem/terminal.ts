import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  mkdirSync(bin, { recursive: true });
  writeFileSync(kept, "");
  const { words, rc } = SHELLS[shell];
  for (const file of ["rc", ".zshrc"]) writeFileSync(join(directory, file), `${rc}\n`);
  const program = (name: string, run: string) => {
    const keep = `[[ $1 == complete ]] || { printf '%s\\0' "$@" > '${kept}'; exit; }`;
    writeFileSync(join(bin, name), `#!/bin/bash\n${keep}\n${run}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program("microvm-sweep", `exec '${process.execPath}' '${PROGRAM}' "$@"`);
  program(
    "sweep-microvms",
    `exec unshare --mount --propagation private bash '${SCENE}' '${root}/templates/microvm-sweep.bash' year "$@"`,
  );
  const screen = await session(words, line, directory, bin);
  return { words: readFileSync(kept, "utf8").split("\0").slice(0, -1), screen };
}

function session(words: string, line: string, cwd: string, bin: string): Promise<string> {
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
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    if (isTyped || !screen.includes(PROMPT)) return;
    isTyped = true;
    // A shell reads one key after the other: the second line waits until the first has ended.
    child.stdin.write(`${line}\rexit\r`);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(screen));
  });
}
