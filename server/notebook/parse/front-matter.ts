import type { Configuration, Diagnostic, FrontMatter, ModelSetting } from "../notebook.ts";
import type { Datum, Position } from "../value.ts";
import { readInputs } from "./front-inputs.ts";
import { isMapping } from "../is-mapping.ts";
import { reportUnknownKeys, scalarText, type FrontReader } from "./front-reader.ts";

/** The keys front matter may have. */
export const frontMatterKeys = ["sheaf", "title", "inputs", "outputs", "models", "choose"] as const;

/** Front matter where the file has none. */
export const emptyFrontMatter: FrontMatter = {
  title: null,
  inputs: [],
  outputs: [],
  models: {},
  choose: {},
  positions: {},
};

/** Front matter with its defaults, from the mapping at the head of the file. Whatever is wrong is pushed to `diagnostics`. */
export function readFrontMatter(configuration: Configuration, text: string, diagnostics: Diagnostic[]): FrontMatter {
  const report: FrontReader["report"] = (path, code, message, cure, severity = "error") => {
    const position: Position = configuration.positions[path] ?? { line: 1, column: 1, offset: 0, length: 0 };
    diagnostics.push({ severity, code, message, cure, position });
  };
  const reader: FrontReader = { configuration, text, report };
  const { values } = configuration;
  reportUnknownKeys(reader, Object.keys(values), "", frontMatterKeys, "the front matter");
  return {
    title: readTitle(reader, values["title"]),
    inputs: readInputs(reader, values["inputs"]),
    outputs: readOutputs(reader, values["outputs"]),
    models: readModels(reader, values["models"]),
    choose: readChoose(reader, values["choose"]),
    positions: configuration.positions,
  };
}

function readTitle(reader: FrontReader, value: Datum | undefined): string | null {
  if (value === undefined || value === null) return null;
  const title = scalarText(reader, "title", value);
  if (title === null)
    reader.report("title", "notebook.front-matter", "`title` is not a text", "Write `title: My notebook`.");
  return title;
}

function readOutputs(reader: FrontReader, value: Datum | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: readonly Datum[] = Array.isArray(value) ? value : [value];
  const outputs: string[] = [];
  for (const [index, item] of list.entries()) {
    if (typeof item === "string") outputs.push(item);
    else {
      const path = Array.isArray(value) ? `outputs.${index}` : "outputs";
      reader.report(path, "notebook.front-matter", "an output is the name of a cell", "Write `outputs: [topic]`.");
    }
  }
  return outputs;
}

function readModels(reader: FrontReader, value: Datum | undefined): FrontMatter["models"] {
  if (value === undefined || value === null) return {};
  if (!isMapping(value)) {
    reader.report(
      "models",
      "notebook.front-matter",
      "`models` is not a mapping",
      "Write `models: { small: provider/model }`.",
    );
    return {};
  }
  const models: [string, ModelSetting][] = [];
  for (const [alias, setting] of Object.entries(value)) {
    if (typeof setting === "string") models.push([alias, { model: setting }]);
    else if (isMapping(setting) && typeof setting["model"] === "string") models.push([alias, setting as ModelSetting]);
    else {
      const message = `the model \`${alias}\` does not say which model it is`;
      reader.report(
        `models.${alias}`,
        "notebook.front-matter",
        message,
        `Write \`${alias}: provider/model\`, or \`${alias}: { model: provider/model, temperature: 0 }\`.`,
      );
    }
  }
  return Object.fromEntries(models);
}

function readChoose(reader: FrontReader, value: Datum | undefined): FrontMatter["choose"] {
  if (value === undefined || value === null) return {};
  if (!isMapping(value)) {
    reader.report("choose", "notebook.front-matter", "`choose` is not a mapping", "Write `choose: { model: small }`.");
    return {};
  }
  const choose: [string, string][] = [];
  for (const [axis, label] of Object.entries(value)) {
    const text = scalarText(reader, `choose.${axis}`, label);
    if (text !== null) choose.push([axis, text]);
    else
      reader.report(
        `choose.${axis}`,
        "notebook.front-matter",
        `the choice of \`${axis}\` is not one label`,
        `Write one label: \`${axis}: small\`.`,
      );
  }
  return Object.fromEntries(choose);
}
