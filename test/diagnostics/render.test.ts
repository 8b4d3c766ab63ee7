import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { excerptAt, renderDiagnostics } from "../../src/diagnostics/render.ts";

const fault: Diagnostic = {
  code: "MS1104",
  severity: "error",
  file: "usage.json",
  pointer: "/hosts/a",
  position: { line: 3, column: 7 },
  message: "object expected, null found",
};

const plain = (diagnostic: Diagnostic) => renderDiagnostics([diagnostic], { color: false });

describe("a diagnostic on a terminal", () => {
  it("has place, code, message, what stands there, pointer and hint", () => {
    const text = '{"hosts":\n {\n  "a": null\n }\n}';
    const excerpt = excerptAt(text, text.indexOf("null"));
    expect(plain({ ...fault, excerpt, hint: "give a host" })).toBe(
      [
        "usage.json:3:7: error MS1104: object expected, null found",
        '    "a": null',
        "         ^",
        "  at /hosts/a",
        "  hint: give a host",
        "",
      ].join("\n"),
    );
  });

  it("lets nothing of an input move or hide what a terminal shows", () => {
    const nasty = "\u001b[2K\r\u202e\u200b\u0007\ud800";
    const shown = plain({
      ...fault,
      message: nasty,
      excerpt: { text: `${nasty}x`, caret: nasty.length },
    });
    expect(shown).not.toMatch(/[\p{Cs}\u202e\u200b\u0007\u001b\r]/u);
    const [, line = "", caret = ""] = shown.split("\n");
    expect(caret.indexOf("^")).toBe(line.indexOf("x"));
  });
});

describe("the excerpt of a long line", () => {
  it("shows what is around the place, and the caret under it", () => {
    const text = `${"a".repeat(500)}HERE${"b".repeat(500)}`;
    const { text: shown, caret } = excerptAt(text, 500);
    expect(shown.slice(caret, caret + 4)).toBe("HERE");
    expect(shown).toMatch(/^…a{30}HERE.*…$/);
    expect(shown.length).toBeLessThan(90);
  });

  it("ends at the end of the text", () => {
    expect(excerptAt("{", 1)).toEqual({ text: "{", caret: 1 });
    expect(excerptAt("", 0)).toEqual({ text: "", caret: 0 });
  });
});
