import { hasExpression, isPlain } from "../expressions-of.ts";
import type { Configuration, Diagnostic, FrontMatter, ModelSetting, Notebook } from "../notebook.ts";
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

/** Its keys that may have expressions, which are worked out from the inputs. */
export const earlyFrontKeys = ["title", "models", "choose"] as const;

/** Front matter with its defaults, from the mapping at the head of the file. Whatever is wrong is pushed to `diagnostics`. */
export function readFrontMatter(configuration: Configuration, text: string, diagnostics: Diagnostic[]): FrontMatter {
  const reader = readerOf(configuration, text, diagnostics);
  const { values } = configuration;
  reportUnknownKeys(reader, Object.keys(values), "", frontMatterKeys, "the front matter");
  return {
    ...readEarly(reader),
    inputs: readInputs(reader, values["inputs"]),
    ...readOutputs(reader, values["outputs"]),
    ...(earlyFrontKeys.every((key) => isPlain(values[key] ?? null)) ? {} : { written: configuration }),
  };
}

/** The front matter of a notebook with its expressions worked out in `configuration`. */
export function withFront(
  { front, text }: Pick<Notebook, "front" | "text">,
  configuration: Configuration,
  diagnostics: Diagnostic[],
): FrontMatter {
  return { ...front, ...readEarly(readerOf(configuration, text, diagnostics)) };
}

function readEarly(reader: FrontReader): Pick<FrontMatter, (typeof earlyFrontKeys)[number]> {
  const { values } = reader.configuration;
  // As a whole it says nothing before it is worked out.
  const read = (key: (typeof earlyFrontKeys)[number]): Datum | undefined => {
    const value = values[key];
    return typeof value === "string" && hasExpression(value) ? undefined : value;
  };
  return {
    title: readTitle(reader, read("title")),
    models: readModels(reader, read("models")),
    choose: readChoose(reader, read("choose")),
  };
}

function readerOf(configuration: Configuration, text: string, diagnostics: Diagnostic[]): FrontReader {
  const report: FrontReader["report"] = (path, code, message, cure, severity = "error") => {
    const position: Position = configuration.positions[path] ?? { line: 1, column: 1, offset: 0, length: 0 };
    diagnostics.push({ severity, code, message, cure, position });
  };
  return { configuration, text, report };
}

function readTitle(reader: FrontReader, value: Datum | undefined): string | null {
  if (value === undefined || value === null) return null;
  const title = scalarText(reader, "title", value);
  if (title === null)
    reader.report("title", "notebook.front-matter", "`title` is not a text", "Write `title: My notebook`.");
  return title;
}

/** The outputs, each once, and their places among all positions. */
function readOutputs(reader: FrontReader, value: Datum | undefined): Pick<FrontMatter, "outputs" | "positions"> {
  const { positions } = reader.configuration;
  const list: readonly Datum[] = Array.isArray(value) ? value : [value ?? []].flat();
  const outputs: string[] = [];
  const places: { [path: string]: Position } = { ...positions };
  for (const [index, item] of list.entries()) {
    const path = Array.isArray(value) ? `outputs.${index}` : "outputs";
    if (typeof item !== "string" || hasExpression(item)) {
      const message = `an output is the name of a cell${typeof item === "string" ? ", and no expression: what a caller gets is the same for all" : ""}`;
      reader.report(path, "notebook.front-matter", message, "Write `outputs: [topic]`.");
    } else if (outputs.includes(item)) {
      reader.report(
        path,
        "notebook.front-matter",
        `the output \`${item}\` is named twice`,
        "Take one away.",
        "warning",
      );
    } else {
      places[`outputs.${outputs.length}`] = positions[path] ?? positions["outputs"]!;
      outputs.push(item);
    }
  }
  return { outputs, positions: places };
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
