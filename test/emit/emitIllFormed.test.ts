import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emitPage } from "../../src/emit/emitPage.ts";
import { emitScript } from "../../src/emit/emitScript.ts";
import { type Case, everywhere, illFormedText } from "./places/cases.ts";

const ok = everywhere("ok");
const { program, provenance } = ok;

function withProgram(change: Partial<Case["program"]>): Case {
  return { ...ok, program: { ...program, ...change } };
}

function withPolicy(change: Partial<Case["program"]["policy"]>): Case {
  return withProgram({ policy: { ...program.policy, ...change } });
}

/** A case with a text at one place alone. */
const PLACES: Readonly<Record<string, (text: string) => Case>> = {
  stateDir: (text) => withProgram({ stateDir: text }),
  vms: (text) => withProgram({ vms: ["a", text] }),
  autostart: (text) => withProgram({ autostart: ["a", text] }),
  keep: (text) => withPolicy({ keep: [text] }),
  stateDelete: (text) => withPolicy({ stateDelete: [text] }),
  unitDirs: (text) => withPolicy({ unitDirs: [text] }),
  command: (text) => ({ ...ok, provenance: { ...provenance, command: ["a", text] } }),
};

const unfit = fc.oneof(
  illFormedText,
  fc.string().map((text) => `${text}\0`),
);

/** Readers refuse such input with a diagnostic: one that gets here is a fault of ours. */
describe("a text that no file can hold", () => {
  it.each(Object.entries(PLACES))("is refused as %s", (_place, at) => {
    const emit = (text: string) => emitPage(at(text).program, at(text).provenance);
    expect(() => emit("fine")).not.toThrow();
    fc.assert(
      fc.property(unfit, (text) => {
        expect(() => emit(text)).toThrow(/report/);
      }),
    );
  });

  it("is refused as the path of systemctl", () => {
    const emit = (text: string) => emitScript(program, { systemctl: text });
    fc.assert(
      fc.property(unfit, (text) => {
        expect(() => emit(text)).toThrow(/report/);
      }),
    );
  });

  it.each(["hostName", "source"])("is shown with replacements as %s", (place) => {
    fc.assert(
      fc.property(illFormedText, (text) => {
        const hostName = place === "hostName" ? text : "hyp-01";
        const source = place === "source" ? text : "usage.json";
        const emitted = emitPage({ ...program, hostName }, { ...provenance, source });
        expect(emitted.isWellFormed()).toBe(true);
        expect(emitted.split("\n")[0]).toContain("\ufffd");
      }),
    );
  });
});
