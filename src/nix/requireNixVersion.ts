import { NixFailure } from "./NixFailure.ts";
import { runNix } from "./runNix.ts";

/** The first Nix whose `nix eval --apply` and builtins the extractor can rely on (design). */
const OLDEST = { major: 2, minor: 8 };

/**
 * Refuses a Nix older than 2.8, whose own error would not say that it is too old. Output without a
 * version is let pass: Lix and others may write what they like before it.
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
