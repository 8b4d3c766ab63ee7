import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import Handlebars from "handlebars";

/**
 * How every template is compiled: text goes in as it is (`src/emit` quotes, never HTML), a field that the
 * view lacks is an error, there are no helpers but Handlebars' own, and a partial never indents the
 * values that it prints.
 */
const OPTIONS = { noEscape: true, strict: true, knownHelpersOnly: true, preventIndent: true };

/** @param {string} name @param {string} text */
function precompileOne(name, text) {
  try {
    return /** @type {string} */ (Handlebars.precompile(text, OPTIONS));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`templates/${name}.hbs: ${reason}`);
  }
}

/**
 * The files of a directory that end in `extension`, sorted by name.
 *
 * @param {string} directory @param {string} extension
 * @returns {Promise<{ name: string, text: string }[]>} names without the extension
 */
async function readAll(directory, extension) {
  const files = (await readdir(directory)).filter((file) => file.endsWith(extension)).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: file.slice(0, -extension.length),
      text: await readFile(join(directory, file), "utf8"),
    })),
  );
}

/**
 * The source of an ES module that holds what is emitted: every template, compiled ahead of time, so that
 * the program needs `handlebars/runtime` and never Handlebars' compiler, and every Bash program as text.
 *
 * @param {string} directory where the `*.hbs` and `*.bash` files are
 * @returns {Promise<string>}
 */
export async function precompileTemplates(directory) {
  const templates = await readAll(directory, ".hbs");
  const programs = await readAll(directory, ".bash");
  const compiled = templates.map(
    ({ name, text }) => `  ${JSON.stringify(name)}: ${precompileOne(name, text)},\n`,
  );
  const texts = programs.map(
    ({ name, text }) => `  ${JSON.stringify(name)}: ${JSON.stringify(text)},\n`,
  );
  return `// Generated from templates/ by src/build/templates.js: do not edit.
// @ts-nocheck
import Handlebars from "handlebars/runtime.js";

const runtime = Handlebars.create();
const specifications = {
${compiled.join("")}};

/**
 * Every template by its file name without ".hbs"; a call throws where the view lacks a field. Each is
 * also a partial under that name.
 * @type {Readonly<Record<string, (view: object) => string>>}
 */
export const templates = Object.fromEntries(
  Object.entries(specifications).map(([name, specification]) => [
    name,
    runtime.template(specification),
  ]),
);
runtime.registerPartial(templates);

/**
 * Every program by its file name without ".bash", to the byte as it is in the repository.
 * @type {Readonly<Record<string, string>>}
 */
export const programs = {
${texts.join("")}};
`;
}

/**
 * Writes the module of {@link precompileTemplates} to `file`, where its text is not that already.
 *
 * @param {string} directory @param {string} file
 */
export async function writeTemplates(directory, file) {
  const text = await precompileTemplates(directory);
  const current = await readFile(file, "utf8").catch(() => undefined);
  if (current === text) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
