// The least that pages from JSON Lines can cost: parses each line, and writes as many bytes as `gen --all`.
// Arguments: the JSON Lines, a page, an empty directory.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [lines = "", page = "", directory = ""] = process.argv.slice(2);
const text = readFileSync(page, "utf8");
for (const line of readFileSync(lines, "utf8").trimEnd().split("\n")) {
  writeFileSync(join(directory, `${JSON.parse(line).host}.nix`), text);
}
