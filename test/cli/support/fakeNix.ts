import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A directory for PATH with a `nix` that does what `body`, a piece of sh, says for `nix … eval`. */
export function fakeNix(directory: string, body: string, version = "nix (Nix) 2.18.1") {
  const bin = join(directory, "bin");
  const log = join(directory, "nix-arguments");
  mkdirSync(bin);
  writeFileSync(
    join(bin, "nix"),
    `#!/bin/sh
if [ "$1" = --version ]; then echo '${version}'; exit; fi
printf '%s\\0' "$@" > '${log}'
${body}
`,
  );
  chmodSync(join(bin, "nix"), 0o755);
  return {
    env: { PATH: [bin, dirname(process.execPath), "/usr/bin", "/bin"].join(":") },
    /** The words that nix was last called with, `--version` apart. */
    words: () => readFileSync(log, "utf8").split("\0").slice(0, -1),
  };
}
