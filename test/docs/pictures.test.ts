import { describe, expect, it } from "vitest";
import { drawPictures } from "../../docs/.vitepress/pictures.ts";
import { read } from "./pages.ts";

describe.each([...drawPictures()])("the picture %s", (file, text) => {
  it("is drawn from the design as it is now (npm run docs:pictures)", () => {
    expect(read(`docs/pictures/${file}`)).toBe(text);
  });

  it("keeps each line inside its box", () => {
    const lines = [...text.matchAll(/<text [^>]*>([^<]*)</gu)].map(([, line = ""]) => line);
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
  });
});
