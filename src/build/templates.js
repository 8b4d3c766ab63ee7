import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import Handlebars from "handlebars";

/**
 * How every template is compiled: text goes in as it is (quoting is the business of
 * `src/emit/quote`, never HTML's), a field that the view lacks is an error, no helper but
 * Handlebars' own exists, and a partial never indents the values that it prints.
 */
const OPTIONS = { noEscape: true, strict: true, knownHelpersOnly: true, preventIndent: true };

const EXTENSION = ".hbs";

/** @param {string} name @param {string} text */
function precompileOne(name, text) {
  try {
    return /** @type {string} */ (Handlebars.precompile(text, OPTIONS));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`templates/${name}${EXTENSION}: ${reason}`);
  }
}

/**
 * The source of an ES module that holds every template of `directory`, compiled ahead of time, so
 * that the program needs `handlebars/runtime` and never Handlebars' compiler.
 *
 * The module exports `templates`: an object from a template's file name without `.hbs` to a
 * function from its view to text. Each template is also a partial under that name.
 *
 * @param {string} directory where the `*.hbs` files are
 * @param {string} label how the header of the module names that directory
 * @returns {Promise<string>}
 */
export async function precompileTemplates(directory, label = "templates") {
  const files = (await readdir(directory)).filter((file) => file.endsWith(EXTENSION)).sort();
  const entries = [];
  for (const file of files) {
    const name = file.slice(0, -EXTENSION.length);
    const text = await readFile(join(directory, file), "utf8");
    entries.push(`  ${JSON.stringify(name)}: ${precompileOne(name, text)},\n`);
  }
  return `// Generated from ${label}/*${EXTENSION} by src/build/templates.js: do not edit.
// @ts-nocheck
import Handlebars from "handlebars/runtime.js";

const runtime = Handlebars.create();
const specifications = {
${entries.join("")}};

/**
 * Every template by its file name without "${EXTENSION}"; a call throws where the view lacks a field.
 * @type {Readonly<Record<string, (view: object) => string>>}
 */
export const templates = Object.fromEntries(
  Object.entries(specifications).map(([name, specification]) => [
    name,
    runtime.template(specification),
  ]),
);
runtime.registerPartial(templates);
`;
}

/**
 * Writes the module of {@link precompileTemplates} to `file`, where its text is not that already.
 *
 * @param {string} directory
 * @param {string} file
 */
export async function writeTemplates(directory, file) {
  const text = await precompileTemplates(directory, relative(dirname(directory), directory));
  const current = await readFile(file, "utf8").catch(() => undefined);
  if (current === text) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
