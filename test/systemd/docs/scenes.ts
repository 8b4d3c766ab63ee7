import type { Block } from "../../docs/pages.ts";
import { PLAN_SCENES } from "./planScenes.ts";
import type { HostScene } from "./scene.ts";
import { SWITCH_SCENES } from "./switchScenes.ts";
import { UNDO_SCENES } from "./undoScenes.ts";

export const SCENES: readonly HostScene[] = [...PLAN_SCENES, ...SWITCH_SCENES, ...UNDO_SCENES];

/** The blocks `sh host` that no test runs: the page, the first line, and why. */
export const NOT_RUN: readonly (readonly [page: string, first: string, why: string])[] = [
  [
    "README.md",
    "npm ci && npm start     # prints the page of a shipped example",
    "it runs this suite",
  ],
  ["CONTRIBUTING.md", "npm ci", "it runs this suite"],
  [
    "CONTRIBUTING.md",
    "npx vitest run --config test/vitest.config.ts test/policy",
    "it runs a part of this suite",
  ],
  [
    "docs/install.md",
    "nix build .#nixosConfigurations.hyp-01.config.services.microvm-sweep.program",
    "it builds with nixpkgs; test/flake/liveModule.test.ts builds the same option with a stand-in",
  ],
  [
    "docs/install.md",
    "nix flake init --template github:microvm-sweep/microvm-sweep",
    "it fetches from GitHub; test/flake/flake.test.ts runs it with the flake of this directory",
  ],
  [
    "docs/install.md",
    "nix shell github:microvm-sweep/microvm-sweep",
    "it fetches from GitHub; test/flake/flake.test.ts builds the same package",
  ],
  [
    "docs/install.md",
    "nix profile install github:microvm-sweep/microvm-sweep",
    "it fetches from GitHub; test/flake/flake.test.ts builds the same package",
  ],
];

/**
 * Whether a block starts with these lines, of which the last may be cut after a space. What a backslash
 * continues is one line.
 */
function startsWith({ text }: Block, lines: string): boolean {
  const joined = text.replaceAll(/\\\n\s*/gu, "");
  return joined.startsWith(lines.endsWith(" ") ? lines : `${lines}\n`);
}

/** The scene of a block: the one that has most of its lines, and of two such the one of its page. */
export function sceneOf(block: Block): HostScene | undefined {
  const fitting = SCENES.flatMap((scene) => {
    const lines = scene.first.filter((first) => startsWith(block, first));
    const isOfPage = scene.page === block.page;
    if (lines.length === 0 || (scene.page !== undefined && !isOfPage)) return [];
    return [{ scene, isOfPage, length: Math.max(...lines.map((first) => first.length)) }];
  });
  const [best] = fitting.sort(
    (a, b) => b.length - a.length || Number(b.isOfPage) - Number(a.isOfPage),
  );
  return best?.scene;
}

/** The entries of a block among those that no test runs. */
export function notRun(block: Block): typeof NOT_RUN {
  return NOT_RUN.filter(([page, first]) => page === block.page && startsWith(block, first));
}
