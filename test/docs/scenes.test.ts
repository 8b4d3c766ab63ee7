import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isUpdate } from "../examples/golden.ts";
import { blocksOf, PAGES, ROOT, read } from "./pages.ts";

const SCENE = fileURLToPath(new URL("scene.bash", import.meta.url));

/** The blocks that show what the program prints in a scene: `text scene NAME COMMAND…` behind the fence. */
const BLOCKS = PAGES.flatMap(blocksOf).flatMap((block) => {
  const [, language = "", words = ""] = /^(\w+) scene (.*)$/u.exec(block.language) ?? [];
  return words === "" ? [] : [{ ...block, language, words }];
});

/** What the program prints, on both streams in the order in which it does. */
function print(words: string): string {
  const program = "templates/microvm-sweep";
  const command = `exec unshare --mount --propagation private bash "$0" ${program} ${words} 2>&1`;
  return spawnSync("bash", ["-c", command, SCENE], { cwd: ROOT, encoding: "utf8" }).stdout;
}

/** With `UPDATE_GOLDEN=1`, writes what the program prints into the page, for a person to read the difference. */
function update(page: string, words: string, printed: string): void {
  const fence = `scene ${words}\n`;
  const [before = "", rest = ""] = read(page).split(fence, 2);
  const after = rest.slice(rest.indexOf("```"));
  writeFileSync(join(ROOT, page), `${before}${fence}${printed}${after}`);
}

// A mount namespace needs root.
describe.runIf(process.getuid?.() === 0)("the program", () => {
  it("is shown in a switch, a plan, an explanation, and an archive", () => {
    const commands = BLOCKS.map(({ words }) => words.split(" ")[1]);
    expect(new Set(commands)).toEqual(new Set(["activate", "plan", "explain", "archive"]));
  });

  it.each(BLOCKS.map((block) => [`${block.page}:${block.line}`, block] as const))(
    "prints what stands at %s",
    (_, { page, language, text, words }) => {
      const printed = print(words);
      if (isUpdate(process.env) && language !== "console") return update(page, words, printed);
      if (language === "json") expect(JSON.parse(text)).toEqual(JSON.parse(printed));
      // In a session the lines of NixOS come first.
      else if (language === "console") expect(text.endsWith(`\n${printed}`), printed).toBe(true);
      else expect(text).toBe(printed);
    },
  );
});
