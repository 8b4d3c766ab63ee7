import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Handlebars from "handlebars";

/**
 * How every template is compiled: a field that the view lacks is an error, there are no helpers but
 * Handlebars' own, and a partial never indents the values that it prints.
 */
const OPTIONS = { strict: true, knownHelpersOnly: true, preventIndent: true };

/**
 * Whether values go in as they are. In a template of HTML, `NAME.html.hbs`, Handlebars escapes them; in
 * all others `src/page` quotes them.
 *
 * @param {string} name
 */
const isPlain = (name) => !name.endsWith(".html");

/** @param {string} name @param {string} text */
function precompileOne(name, text) {
  try {
    return /** @type {string} */ (
      Handlebars.precompile(text, { ...OPTIONS, noEscape: isPlain(name) })
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`templates/${name}.hbs: ${reason}`);
  }
}

/**
 * The source of an object from the name of each file with this extension, sorted, to what `source` makes
 * of its text.
 *
 * @param {string} directory @param {string} extension
 * @param {(name: string, text: string) => string} source
 */
async function objectSource(directory, extension, source) {
  const files = (await readdir(directory)).filter((file) => file.endsWith(extension)).sort();
  const entries = files.map(async (file) => {
    const name = file.slice(0, -extension.length);
    const text = await readFile(join(directory, file), "utf8");
    return `  ${JSON.stringify(name)}: ${source(name, text)},\n`;
  });
  return `{\n${(await Promise.all(entries)).join("")}}`;
}

const HEADER = `// Generated from templates/ by src/build/templates.js: do not edit.
// @ts-nocheck
`;

/**
 * The source of an ES module that holds every template, compiled ahead of time: `handlebars/runtime` is
 * enough for it, without Handlebars' compiler.
 *
 * @param {string} directory where the `*.hbs` files are
 */
export async function precompileTemplates(directory) {
  return `${HEADER}import Handlebars from "handlebars/runtime.js";

const runtime = Handlebars.create();
const specifications = ${await objectSource(directory, ".hbs", precompileOne)};

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
`;
}

/**
 * The source of an ES module that holds every file of the program as text, to the byte.
 *
 * @param {string} directory where they are
 */
async function embedPrograms(directory) {
  const programs = await objectSource(directory, ".bash", (_name, text) => JSON.stringify(text));
  return `${HEADER}
/**
 * Every file of the program by its name without ".bash".
 * @type {Readonly<Record<string, string>>}
 */
export const programs = ${programs};
`;
}

/**
 * The source of an ES module that holds the style and the script of the report as text.
 *
 * @param {string} directory where the `*.css` and `*.js` files are
 */
async function embedAssets(directory) {
  const text = (/** @type {string} */ _name, /** @type {string} */ text) => JSON.stringify(text);
  return `${HEADER}
/**
 * Every style sheet by its file name without ".css".
 * @type {Readonly<Record<string, string>>}
 */
export const styles = ${await objectSource(directory, ".css", text)};

/**
 * Every script by its file name without ".js".
 * @type {Readonly<Record<string, string>>}
 */
export const scripts = ${await objectSource(directory, ".js", text)};
`;
}

/** @param {string} file @param {string} text */
async function writeIfChanged(file, text) {
  const current = await readFile(file, "utf8").catch(() => undefined);
  if (current !== text) await writeFile(file, text);
}

/**
 * Writes `templates.generated.js`, `programs.generated.js` and `assets.generated.js`. They are apart
 * because every run needs the program's release, only the page and the report need Handlebars, and only
 * the report has a style.
 *
 * @param {string} directory where the templates are
 * @param {string} target the directory of the two modules
 */
export async function writeTemplates(directory, target) {
  const templates = await precompileTemplates(directory);
  await writeIfChanged(join(target, "templates.generated.js"), templates);
  const programs = await embedPrograms(join(directory, "microvm-sweep"));
  await writeIfChanged(join(target, "programs.generated.js"), programs);
  await writeIfChanged(join(target, "assets.generated.js"), await embedAssets(directory));
}

/**
 * Writes `extract.generated.js`, which holds the extractor as text.
 *
 * @param {string} directory where `extract.nix` is
 */
export async function embedExtractor(directory) {
  const text = await readFile(join(directory, "extract.nix"), "utf8");
  const module = `${HEADER.replace("templates/", "src/nix/extract.nix")}
/** The Nix function from a NixOS configuration to the host of a usage document. */
export const EXTRACT = ${JSON.stringify(text)};
`;
  await writeIfChanged(join(directory, "extract.generated.js"), module);
}
